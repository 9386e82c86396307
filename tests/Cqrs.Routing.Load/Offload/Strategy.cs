namespace Cqrs.Routing.Load.Offload;

/// <summary>A way to let users read their own writes.</summary>
/// <param name="Name">For the table.</param>
/// <param name="UsesReplica">Whether there is a replica at all.</param>
/// <param name="CarriesTokens">Whether what a session wrote goes on to its next request.</param>
/// <param name="Configure">The choices for the replica.</param>
/// <param name="Idle">Whether every tenth request sends a command that writes nothing.</param>
/// <param name="Tracks">Whether one query of six is of a type that tracks what it reads.</param>
internal sealed record Strategy(string Name, bool UsesReplica, bool CarriesTokens, Action<ReplicaOptions>? Configure = null, bool Idle = false, bool Tracks = false)
{
    // Nobody's request lasts that long: within it, a write keeps all reads on the primary.
    private static readonly TimeSpan WholeRequest = TimeSpan.FromHours(1);

    public static IReadOnlyList<Strategy> All { get; } =
    [
        new("everything on the primary", UsesReplica: false, CarriesTokens: false),
        new("sticky within the request (Laravel)", true, CarriesTokens: false, replica =>
        {
            replica.PositionSource = PositionSources.None;
            replica.RecentWriteWindow = WholeRequest;
        }),
        new("2-second window (Rails)", true, CarriesTokens: true, replica => replica.PositionSource = PositionSources.None),
        new("position token", true, CarriesTokens: true),
        new("position token, own writes only", true, CarriesTokens: true, replica => replica.MonotonicReads = false),
        new("position token, waits up to 20 ms", true, CarriesTokens: true, replica => replica.MaxCatchUpWait = TimeSpan.FromMilliseconds(20)),
        new("position token, and a tenth of the requests send a command that writes nothing", true, CarriesTokens: true, Idle: true),
        new("position token, and a sixth of the queries track", true, CarriesTokens: true, Tracks: true),
    ];
}
