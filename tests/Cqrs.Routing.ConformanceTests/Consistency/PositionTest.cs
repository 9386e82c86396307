using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Sessions on the primary and its hot standby, which replays only when the test says so.</summary>
[Collection(PostgresCollection.Name)]
public abstract class PositionTest(PairFixture<PostgresPairDatabase> fixture) : ConformanceTest(fixture.Pair)
{
    // All instances of an application share one key ring.
    private readonly EphemeralDataProtectionProvider _keys = new();

    protected CountingPositions Positions { get; } = new();

    protected static Read ReadName => new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    protected static Write Rename(string name) => new(async handling => await RenameAsync(handling.Db, name));

    protected static Task<int> RenameAsync(ShopContext db, string name) =>
        db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, name));

    protected static RoutingSession SessionOf(Handling scope) => scope.Services.GetRequiredService<RoutingSession>();

    protected static Task<string?> TokenOf(Handling scope) => SessionOf(scope).GetTokenAsync(TestContext.Current.CancellationToken).AsTask();

    protected static RouteRecord RouteOf<TRequest>(RoutedApp app) => app.Routes.GetRecords<TRequest>().Last(record => record.Context is not null);

    protected RoutedApp StartWithPositions(Action<ReplicaOptions>? replica = null, Action<RoutedAppOptions>? configure = null) => Start(options =>
    {
        options.ConfigureServices = services => services.AddSingleton<IDataProtectionProvider>(_keys);
        options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica, choices =>
        {
            choices.PositionSource = Positions;
            // Positions are counted here.
            choices.MonitorInterval = TimeSpan.Zero;
            replica?.Invoke(choices);
        });
        configure?.Invoke(options);
    });

    /// <summary>One request of a user who comes back with a token.</summary>
    protected static async Task<(T Result, string? Token)> RequestAsync<T>(RoutedApp app, string? token, Func<ISender, Task<T>> send)
    {
        var result = default(T);
        string? next = null;
        await app.InScopeAsync(async scope =>
        {
            SessionOf(scope).TryResume(token);
            result = await send(scope.Sender);
            next = await TokenOf(scope);
        });
        return (result!, next);
    }

    /// <summary>A user writes, and gets the token that remembers it.</summary>
    protected static async Task<string> WriteAsync(RoutedApp app, string name) =>
        (await RequestAsync(app, null, sender => sender.Send(Rename(name)))).Token.ShouldNotBeNull();

    protected static async Task<string?> ReadAsync(RoutedApp app, string? token) => (string?)(await RequestAsync(app, token, sender => sender.Send(ReadName))).Result;
}
