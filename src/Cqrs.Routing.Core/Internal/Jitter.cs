namespace Cqrs.Routing.Internal;

/// <summary>Spreads what several processes would otherwise do at the same time.</summary>
internal static class Jitter
{
    /// <summary>Returns a time between three quarters and five quarters of the given one, equally distributed.</summary>
    public static TimeSpan Apply(TimeSpan time) => time * (0.75 + (Random.Shared.NextDouble() / 2));
}
