namespace Sample.Api.Tour;

/// <summary>The servers that a step may reach.</summary>
[Flags]
internal enum TourServers
{
    None = 0,
    Primary = 1,
    Replica = 2,
}
