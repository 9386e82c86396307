using System.Diagnostics;
using Cqrs.Routing.Load.Chaos.Servers;
using Npgsql;

namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>What happens to the standby's server.</summary>
internal static class ServerFaults
{
    /// <summary>The name of <see cref="PromoteAsync"/>.</summary>
    public const string Promoted = "standby promoted, then rebuilt";

    private const string Backends = $"FROM pg_stat_activity WHERE application_name LIKE '{ChaosServers.ApplicationName}%'";

    private static readonly TimeSpan Split = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("standby stopped (fast)", (servers, random, cancellationToken) => StopAsync(servers, immediately: false, random, cancellationToken)),
        new("standby stopped (immediate)", (servers, random, cancellationToken) => StopAsync(servers, immediately: true, random, cancellationToken)),
        new("backend killed (-9)", KillAsync),
        new("backends terminated", TerminateAsync),
        new("too many clients (53300)", FillAsync),
    ];

    /// <summary>The last act: the standby becomes a primary of its own, which takes writes and replays nothing, and some time later a standby again.</summary>
    /// <returns>How many rows were written to it meanwhile.</returns>
    public static async Task<long> PromoteAsync(ChaosServers servers, CancellationToken cancellationToken)
    {
        await servers.Pair.PromoteStandbyAsync();
        await Task.Delay(Split, cancellationToken);
        var written = await servers.OnStandbyAsync("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables", cancellationToken);
        await servers.Pair.RebuildStandbyAsync();
        return (long)written!;
    }

    private static async Task StopAsync(ChaosServers servers, bool immediately, Random random, CancellationToken cancellationToken)
    {
        await servers.Pair.StopStandbyAsync(immediately);
        await Pause.AMomentAsync(random, 300, 1200, cancellationToken);
        await servers.Pair.StartStandbyAsync();
    }

    // The postmaster then throws all sessions out and recovers, as after a crash.
    private static async Task KillAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        if (await servers.OnStandbyAsync($"SELECT pid {Backends} ORDER BY state = 'active' DESC, random() LIMIT 1", cancellationToken) is not int id)
            return;

        try
        {
            using var backend = Process.GetProcessById(id);
            backend.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself meanwhile.
        }

        await Pause.AMomentAsync(random, 100, 300, cancellationToken);
        await servers.OnStandbyAsync("SELECT 1", cancellationToken);
    }

    private static async Task TerminateAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        for (var round = random.Next(1, 6); round > 0; round--)
        {
            await servers.OnStandbyAsync($"SELECT count(pg_terminate_backend(pid)) {Backends} AND random() < 0.6", cancellationToken);
            await Pause.AMomentAsync(random, 20, 200, cancellationToken);
        }
    }

    private static async Task FillAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        var taken = new List<NpgsqlConnection>();
        try
        {
            await FillAsync(servers, taken, cancellationToken);
            // The application's own connections are still good: it needs new ones to notice. What it gets back is taken away from it as well.
            await servers.OnStandbyAsync($"SELECT count(pg_terminate_backend(pid, 1000)) {Backends}", cancellationToken);
            await FillAsync(servers, taken, cancellationToken);
            await Pause.AMomentAsync(random, 300, 1000, cancellationToken);
        }
        finally
        {
            foreach (var connection in taken)
                await connection.DisposeAsync();
        }
    }

    private static async Task FillAsync(ChaosServers servers, List<NpgsqlConnection> taken, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
                taken.Add(await servers.ConnectToStandbyAsync(cancellationToken));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            // Full.
        }
    }
}
