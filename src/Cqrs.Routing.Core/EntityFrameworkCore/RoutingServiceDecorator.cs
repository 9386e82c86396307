using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.EntityFrameworkCore.Fallback;
using Cqrs.Routing.EntityFrameworkCore.Freshness;
using Cqrs.Routing.EntityFrameworkCore.Guard;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.EntityFrameworkCore.Reporting;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Adds routing and the write guard to EF Core's internal services. Decorates the services that the provider registered.</summary>
internal static class RoutingServiceDecorator
{
    /// <param name="services">EF Core's internal services, including the provider's.</param>
    /// <param name="replaced">The services that the application replaces.</param>
    public static void Decorate(IServiceCollection services, ReplacedServices replaced)
    {
        if (services.Any(service => service.ServiceType == typeof(WriteGuard)))
            return;

        services.AddSingleton<WriteGuard>();
        services.AddSingleton<IInterceptor>(provider => provider.GetRequiredService<WriteGuard>());
        services.AddSingleton<LogOnce>();
        services.AddSingleton<IdleReplicaWarning>();
        GuardTwice(services, replaced);
        // A provider that is not relational has no connections to route. The guard's check of the change tracker works there too.
        if (!services.Any(service => service.ServiceType == typeof(IRelationalConnection)))
        {
            services.AddSingleton<IInterceptor, NonRelationalProviderWarning>();
            return;
        }

        services.AddSingleton<ReplicaConnectionFactory>();
        AddUnguardedLogger(services);
        // Left out if the application creates the cache keys of queries itself.
        if (!replaced.Has(typeof(ICompiledQueryCacheKeyGenerator)))
            ListOptions(services);
        services.AddSingleton<IInterceptor, CommitInterceptor>();
        MarkStatements(services, replaced);
        Decorate<IRelationalConnection>(services, replaced, static (provider, primary) =>
            new RoutedConnection(primary, provider.GetRequiredService<RelationalConnectionDependencies>(), provider));
        Decorate<IExecutionStrategy>(services, replaced, static (provider, strategy) =>
            provider.GetRequiredService<IRelationalConnection>() is RoutedConnection routed ? new FallbackExecutionStrategy(strategy, routed) : strategy);
        Decorate<IMigrator>(services, replaced, static (provider, migrator) =>
            new GuardedMigrator(migrator, provider.GetRequiredService<ICurrentDbContext>()));
        // IDatabaseCreator resolves to the same object.
        Decorate<IRelationalDatabaseCreator>(services, replaced, static (provider, creator) => creator is RelationalDatabaseCreator relational
            ? new GuardedDatabaseCreator(relational, provider.GetRequiredService<RelationalDatabaseCreatorDependencies>())
            : creator);
    }

    private static void Decorate<TService>(IServiceCollection services, ReplacedServices replaced, Func<IServiceProvider, TService, TService> decorate)
        where TService : class
    {
        var original = services.Last(service => service.ServiceType == typeof(TService));
        services.Remove(original);
        original = replaced.Resolve(services, original);
        services.Add(new(typeof(TService), provider => decorate(provider, (TService)Create(provider, original)), original.Lifetime));
    }

    // If a provider or the application has its own factory, statements do not report whether they track entities: see RoutedCommand.
    private static void MarkStatements(IServiceCollection services, ReplacedServices replaced)
    {
        var original = services.Last(service => service.ServiceType == typeof(IQueryContextFactory));
#pragma warning disable EF1001 // Only to recognize EF Core's own class.
        if (original.ImplementationType != typeof(RelationalQueryContextFactory))
            return;
#pragma warning restore EF1001

        services.Remove(original);
        services.AddScoped<IQueryContextFactory, RoutedQueryContextFactory>();
        Decorate<IShapedQueryCompilingExpressionVisitorFactory>(services, replaced, static (provider, factory) =>
            new StatementMarkerFactory(factory, provider.GetRequiredService<ShapedQueryCompilingExpressionVisitorDependencies>()));
    }

    // Uses the provider's own class, with fewer interceptors.
    private static void AddUnguardedLogger(IServiceCollection services)
    {
        var logger = services.Last(service => service.ServiceType == typeof(IRelationalCommandDiagnosticsLogger)).ImplementationType!;
        var create = ActivatorUtilities.CreateFactory(logger, [typeof(IInterceptors)]);
        services.AddScoped(provider => UninterceptedCommandLogger.For(
            provider.GetRequiredService<IInterceptors>(),
            interceptors => (IRelationalCommandDiagnosticsLogger)create(provider, [interceptors])));
    }

    // Uses the provider's own class as well. EF Core does not allow another registration of its dependencies, but single dependencies can be
    // exchanged.
    private static void ListOptions(IServiceCollection services)
    {
        var original = services.Last(service => service.ServiceType == typeof(ICompiledQueryCacheKeyGenerator));
        if (original.ImplementationType is not { } keys || !TakesOptions(keys))
            return;

        var create = ActivatorUtilities.CreateFactory(keys, [typeof(RelationalCompiledQueryCacheKeyGeneratorDependencies)]);
        services.Remove(original);
        services.AddScoped(provider =>
        {
            var dependencies = provider.GetRequiredService<RelationalCompiledQueryCacheKeyGeneratorDependencies>();
            return (ICompiledQueryCacheKeyGenerator)create(provider, [dependencies with { ContextOptions = new CachedContextOptions(dependencies.ContextOptions) }]);
        });
    }

    private static bool TakesOptions(Type keys) => keys.GetConstructors() is [var constructor]
        && constructor.GetParameters().Any(static parameter => parameter.ParameterType == typeof(RelationalCompiledQueryCacheKeyGeneratorDependencies));

    private static void GuardTwice(IServiceCollection services, ReplacedServices replaced)
    {
        var chains = new Dictionary<Type, Type>();
        foreach (var chain in services.Where(service => service.ServiceType == typeof(IInterceptorAggregator)).Select(service => service.ImplementationType))
        {
            if (typeof(InterceptorAggregator<IDbCommandInterceptor>).IsAssignableFrom(chain))
                chains[typeof(IDbCommandInterceptor)] = chain;
            else if (typeof(InterceptorAggregator<ISaveChangesInterceptor>).IsAssignableFrom(chain))
                chains[typeof(ISaveChangesInterceptor)] = chain;
        }

        Decorate<IInterceptors>(services, replaced, (provider, interceptors) =>
            new GuardedInterceptors(interceptors, provider.GetRequiredService<WriteGuard>(), chains));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor descriptor) =>
        descriptor.ImplementationInstance
        ?? descriptor.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!);
}
