using Cqrs.Routing.TestServers.Tds;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>The base class of tests in which SqlClient talks to two simulated servers that record its requests.</summary>
public abstract class SqlServerTest : IAsyncDisposable
{
    public static TheoryData<ContextLifetime, bool> Registrations => new(
        from lifetime in Enum.GetValues<ContextLifetime>()
        from retry in new[] { false, true }
        select (lifetime, retry));

    protected TdsPair Pair { get; } = new();

    protected TdsServer Primary => Pair.PrimaryServer;

    protected TdsServer Replica => Pair.ReplicaServer;

    protected static Read ReadName => new(async handling => await NameAsync(handling.Db));

    protected static Write Rename => new(async handling => await RenameAsync(handling.Db));

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Pair.DisposeAsync();
    }

    protected static Task<string> NameAsync(ShopContext db) => db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync();

    protected static Task<int> RenameAsync(ShopContext db) => db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "renamed"));

    protected static RouteRecord LastRoute(RoutedApp app) => app.Routes.GetRecords<Read>().Last(record => record.Context is not null);

    protected RoutedApp Start(Action<ReplicaOptions>? replica = null, Action<RoutedAppOptions>? configure = null) => RoutedApp.Start(Pair, options =>
    {
        options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica, Unwatched(replica));
        configure?.Invoke(options);
    });

    protected RoutedApp StartOn(string replica, Action<ReplicaOptions>? choices = null, Action<RoutedAppOptions>? configure = null) => Start(configure: options =>
    {
        options.ConfigureContext = (context, _) => context.UseReplica(replica, Unwatched(choices));
        configure?.Invoke(options);
    });

    /// <summary>One string for both: the primary sends read-only intent to the replica, as an availability group's listener does.</summary>
    protected RoutedApp StartOnListener(Action<ReplicaOptions>? replica = null, Action<RoutedAppOptions>? configure = null)
    {
        Primary.ReadOnlyRouting = Replica;
        return RoutedApp.Start(Pair, options =>
        {
            options.ConfigureContext = (context, _) => context.UseReadOnlyIntentReplica(Unwatched(replica));
            configure?.Invoke(options);
        });
    }

    // What is measured beside the queries would be counted with them.
    protected static Action<ReplicaOptions> Unwatched(Action<ReplicaOptions>? choices) => replica =>
    {
        replica.MonitorInterval = TimeSpan.Zero;
        choices?.Invoke(replica);
    };
}
