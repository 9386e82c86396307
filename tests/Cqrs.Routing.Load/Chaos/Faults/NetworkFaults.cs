using Cqrs.Routing.Load.Chaos.Servers;

namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>What happens on the way to the standby.</summary>
/// <remarks>A stall ends, or is followed by a reset, before the command's timeout: a statement that has used up its time has none left for a second run.</remarks>
internal static class NetworkFaults
{
    private const int LargestCut = 12_000;

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("connections reset", ResetAsync),
        new("connections cut within an answer", CutAsync),
        new("network stalled", (servers, random, cancellationToken) => StallAsync(servers, thenReset: false, random, cancellationToken)),
        new("network stalled, then reset", (servers, random, cancellationToken) => StallAsync(servers, thenReset: true, random, cancellationToken)),
        new("network delayed", DelayAsync),
        new("connections refused", RefuseAsync),
        new("black hole", SwallowAsync),
    ];

    private static async Task ResetAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        for (var round = random.Next(1, 6); round > 0; round--)
        {
            servers.Proxy.Reset();
            await Pause.AMomentAsync(random, 10, 200, cancellationToken);
        }
    }

    private static async Task CutAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        for (var round = random.Next(1, 6); round > 0; round--)
        {
            servers.Proxy.CutAfter(() => random.Next(LargestCut));
            await Pause.AMomentAsync(random, 50, 400, cancellationToken);
        }
    }

    private static async Task StallAsync(ChaosServers servers, bool thenReset, Random random, CancellationToken cancellationToken)
    {
        servers.Proxy.Stall();
        try
        {
            await Pause.AMomentAsync(random, 200, 1500, cancellationToken);
            if (thenReset)
                servers.Proxy.Reset();
        }
        finally
        {
            servers.Proxy.Flow();
        }
    }

    private static async Task DelayAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        servers.Proxy.Delay = TimeSpan.FromMilliseconds(random.Next(5, 80));
        try
        {
            await Pause.AMomentAsync(random, 500, 1500, cancellationToken);
        }
        finally
        {
            servers.Proxy.Delay = TimeSpan.Zero;
        }
    }

    private static async Task RefuseAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        servers.Proxy.Refuse();
        try
        {
            servers.Proxy.Reset();
            await Pause.AMomentAsync(random, 300, 1500, cancellationToken);
        }
        finally
        {
            servers.Proxy.Admit();
        }
    }

    private static async Task SwallowAsync(ChaosServers servers, Random random, CancellationToken cancellationToken)
    {
        servers.Proxy.Swallows = true;
        try
        {
            servers.Proxy.Reset();
            await Pause.AMomentAsync(random, 2000, 3000, cancellationToken);
        }
        finally
        {
            servers.Proxy.Swallows = false;
            servers.Proxy.Reset();
        }
    }
}
