using Cqrs.Routing.Load.Chaos.Servers;

namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>What happens to replay, and what replay does to queries that are in its way.</summary>
internal static class ReplayFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("replay paused", PauseAsync),
        new("recovery conflict: lock", LockAsync),
        new("recovery conflict: snapshot", VacuumAsync),
    ];

    private static async Task PauseAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        await servers.OnStandbyAsync("SELECT pg_wal_replay_pause()", cancellationToken);
        try
        {
            await Pause.AMomentAsync(random, 300, 1500, cancellationToken);
        }
        finally
        {
            await servers.OnStandbyAsync("SELECT pg_wal_replay_resume()", CancellationToken.None);
        }
    }

    // Replay takes such locks too, and waits only so long for whoever reads. Held for no time at all, so that the primary's readers do not notice.
    private static async Task LockAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        for (var round = random.Next(2, 6); round > 0; round--)
        {
            var changes = random.Next(2) == 0
                ? """LOCK TABLE "Documents" IN ACCESS EXCLUSIVE MODE"""
                : """ALTER TABLE "Documents" ALTER COLUMN "Payload" SET DEFAULT ''""";
            await servers.OnPrimaryAsync($"BEGIN; {changes}; COMMIT", cancellationToken);
            await Pause.AMomentAsync(random, 50, 300, cancellationToken);
        }
    }

    // What vacuum has removed is gone on the standby too, for queries that are older than that.
    private static async Task VacuumAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        for (var round = random.Next(2, 6); round > 0; round--)
        {
            await servers.OnPrimaryAsync("""UPDATE "Churn" SET "Value" = "Value" + 1""", cancellationToken);
            await servers.OnPrimaryAsync("""VACUUM "Churn" """, cancellationToken);
            await Pause.AMomentAsync(random, 50, 300, cancellationToken);
        }
    }
}
