namespace Cqrs.Routing.Load.Servers;

/// <summary>For how long the standby replays freely, or not at all.</summary>
internal readonly record struct ReplaySpan(bool Paused, TimeSpan Duration);
