using System.Globalization;
using Cqrs.Routing.Load.Chaos.Servers;
using Npgsql;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>What must not grow.</summary>
/// <param name="Memory">Managed bytes that are alive.</param>
/// <param name="InUse">Connections that were taken from a pool and not given back.</param>
/// <param name="OnPrimary">Sessions that the application has on the primary, after its pools were cleared.</param>
/// <param name="OnStandby">The same, on the standby.</param>
/// <param name="Proxied">Connections to the standby that the application holds open.</param>
internal sealed record Figures(long Memory, int InUse, long OnPrimary, long OnStandby, int Proxied)
{
    private const string Sessions = $"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '{ChaosServers.ApplicationName}%'";
    private const long Tolerance = 8 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>While nothing runs. Sessions take a moment to end.</summary>
    public static async Task<Figures> AtRestAsync(ChaosServers servers, CancellationToken cancellationToken)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); ; await Task.Delay(50, cancellationToken))
        {
            NpgsqlConnection.ClearAllPools();
            var figures = new Figures(
                Alive(),
                ConnectionsInUse.Count(),
                (long)(await servers.OnPrimaryAsync(Sessions, cancellationToken))!,
                (long)(await servers.OnStandbyAsync(Sessions, cancellationToken))!,
                servers.Proxy.Connections);
            if (figures.HasNoConnections || TimeProvider.System.GetElapsedTime(begin) > Patience)
                return figures;
        }
    }

    /// <summary>While the load runs: without the servers' view, since pools are in use.</summary>
    public static string UnderLoad(ChaosServers servers) => string.Create(
        CultureInfo.InvariantCulture, $"{Alive() / 1024.0 / 1024:F1} MiB alive, {ConnectionsInUse.Count()} connections in use, {servers.Proxy.Connections} open to the standby");

    public bool IsBackAt(Figures baseline) => HasNoConnections && Memory <= baseline.Memory + Tolerance;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Memory / 1024.0 / 1024:F1} MiB, {InUse} connections in use, {OnPrimary} sessions on the primary, {OnStandby} on the standby, {Proxied} open to the standby");

    private bool HasNoConnections => (InUse, OnPrimary, OnStandby, Proxied) == (0, 0, 0, 0);

    private static long Alive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
