using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.AspNetCore.Tests;

/// <summary>One instance of a small web shop on a pair of databases, in memory.</summary>
public sealed class Shop : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Shop(WebApplication app, FakeTimeProvider clock) => (_app, Clock) = (app, clock);

    /// <summary>Stands still unless it is told to go on. Begins with the real time.</summary>
    public FakeTimeProvider Clock { get; }

    public RouteRecorder Routes => _app.Services.GetRequiredService<RouteRecorder>();

    public IServiceProvider Services => _app.Services;

    public static async Task<Shop> StartAsync(
        DatabasePair pair,
        IDataProtectionProvider? keys = null,
        Action<RoutingSessionOptions>? configure = null,
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? services = null,
        Action<ReplicaOptions>? replica = null)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>());
        builder.Services.AddDbContextPool<ShopContext>(options => pair.Use(options, pair.Primary).UseReplica(pair.Replica, choices =>
        {
            choices.AllowDifferentDatabaseName = pair.ReplicaHasOtherName;
            replica?.Invoke(choices);
        }));
        builder.Services.AddRoutingBehavior();
        builder.Services.AddRoutingSessions(configure);
        builder.Services.AddRouteRecorder();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(keys ?? new EphemeralDataProtectionProvider());
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map?.Invoke(app);
        app.UseRoutingSessions();
        app.MapGet("/name", (ISender sender) => sender.Send(ReadName));
        app.MapPut("/name/{name}", async (string name, ISender sender) => await sender.Send(Rename(name)));
        await app.StartAsync();
        return new(app, clock);
    }

    public static Read ReadName => new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    public static Write Rename(string name) => new(async handling =>
        await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, name)));

    /// <summary>A browser that keeps its cookies, and shows them to any instance that it is given.</summary>
    public Browser Open(Browser? sameAs = null) => new(_app.GetTestServer().CreateHandler(), sameAs?.Cookies ?? new());

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
