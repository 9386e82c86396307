using System.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.Health;

namespace Cqrs.Routing.ConformanceTests.Health;

/// <summary>The base class of tests on a replica that is measured continuously.</summary>
public abstract class HealthTest(DatabasePair pair) : ConformanceTest(pair)
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected static Read ReadName => new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    protected RoutedApp StartWatched(Action<ReplicaOptions>? replica = null, Action<RoutedAppOptions>? configure = null) => Start(options =>
    {
        options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica, choices =>
        {
            choices.MonitorInterval = TimeSpan.FromMilliseconds(20);
            replica?.Invoke(choices);
        });
        configure?.Invoke(options);
    });

    /// <summary>Sends queries until one is routed for this reason.</summary>
    protected static async Task ReadUntilAsync(RoutedApp app, RouteReason reason)
    {
        for (var clock = Stopwatch.StartNew(); await ReasonAsync(app) != reason;)
        {
            clock.Elapsed.ShouldBeLessThan(Patience);
            await Task.Delay(10);
        }
    }

    /// <summary>Sends queries until the replica was measured this many times after the first.</summary>
    protected static async Task ReadUntilMeasuredAsync(RoutedApp app, int count)
    {
        var clock = Stopwatch.StartNew();
        for (ReplicaStatus? last = null; count >= 0;)
        {
            clock.Elapsed.ShouldBeLessThan(Patience);
            await ReasonAsync(app);
            if (await HealthOfAsync(app) is { Status: { } status } && !ReferenceEquals(status, last))
            {
                last = status;
                count--;
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Sends one query, and tells why it was routed as it was.</summary>
    protected static async Task<RouteReason> ReasonAsync(RoutedApp app)
    {
        await app.SendAsync(ReadName);
        return app.Routes.GetRecords<Read>().Last(record => record.Context is not null).Reason;
    }

    /// <summary>Measures now.</summary>
    protected static Task MeasureAsync(RoutedApp app) => app.InScopeAsync(async scope =>
    {
        var connection = RoutedConnection.Find(scope.Db)!;
        connection.Replica.TryPrepare().ShouldBeTrue();
        await connection.MeasureAsync(TestContext.Current.CancellationToken);
    });

    internal static async Task<ReplicaHealth> HealthOfAsync(RoutedApp app)
    {
        ReplicaHealth? health = null;
        await app.InScopeAsync(scope =>
        {
            health = RoutedConnection.Find(scope.Db)!.Replica.Health;
            return Task.CompletedTask;
        });
        return health!;
    }
}
