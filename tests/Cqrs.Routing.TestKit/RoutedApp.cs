using Cqrs.Routing.TestKit.Model;
using Cqrs.Routing.TestKit.Requests;
using Cqrs.Routing.TestKit.Servers;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.TestKit;

/// <summary>An application with a routed <see cref="ShopContext"/> on a pair of databases. Built with scope validation, as a host in development is.</summary>
public sealed class RoutedApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RoutedApp(ServiceProvider services, ServerLog log) => (_services, Log) = (services, log);

    public IServiceProvider Services => _services;

    /// <summary>What reached which server.</summary>
    public ServerLog Log { get; }

    public RouteRecorder Routes => _services.GetRequiredService<RouteRecorder>();

    public static RoutedApp Start(DatabasePair pair, Action<RoutedAppOptions>? configure = null)
    {
        var options = new RoutedAppOptions();
        configure?.Invoke(options);
        var log = new ServerLog(pair);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>());
        if (options.AddContexts is not null)
            options.AddContexts(services, log);
        else
            AddContext(services, options.Lifetime, builder => options.ConfigureContext(pair.Use(builder, pair.Primary, options.Retry).AddInterceptors(log), pair));
        options.ConfigureServices?.Invoke(services);
        services.AddRoutingBehavior(options.ConfigureRouting);
        services.AddRouteRecorder();
        options.ConfigureServicesLater?.Invoke(services);
        return new(services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }), log);
    }

    /// <summary>Sends in a scope of its own, as one HTTP request would.</summary>
    public async Task<TResult> SendAsync<TResult>(IRequest<TResult> request, CancellationToken cancellationToken = default)
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request, cancellationToken);
    }

    public async Task SendAsync(IRequest request, CancellationToken cancellationToken = default)
    {
        await using var scope = _services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ISender>().Send(request, cancellationToken);
    }

    /// <summary>Runs outside any request, in a scope of its own.</summary>
    public async Task InScopeAsync(Func<Handling, Task> work)
    {
        await using var scope = _services.CreateAsyncScope();
        await work(new(scope.ServiceProvider, CancellationToken.None));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static void AddContext(IServiceCollection services, ContextLifetime lifetime, Action<DbContextOptionsBuilder> configure)
    {
        switch (lifetime)
        {
            case ContextLifetime.Scoped:
                services.AddDbContext<ShopContext>(configure);
                break;
            case ContextLifetime.Pooled:
                services.AddDbContextPool<ShopContext>(configure);
                break;
            case ContextLifetime.Factory:
                services.AddDbContextFactory<ShopContext>(configure);
                break;
            case ContextLifetime.PooledFactory:
                services.AddPooledDbContextFactory<ShopContext>(configure);
                services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContext());
                break;
        }
    }
}
