using Cqrs.Routing.EntityFrameworkCore.Guard;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Puts routing and the guard into EF's internal services, around what the provider registered there.</summary>
internal static class RoutedServices
{
    public static void Wrap(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(WriteGuard)))
            return;

        services.AddSingleton<WriteGuard>();
        services.AddSingleton<IInterceptor>(provider => provider.GetRequiredService<WriteGuard>());
        // A provider that is not relational has no connections to route; the guard's change tracking part works there too.
        if (!services.Any(service => service.ServiceType == typeof(IRelationalConnection)))
            return;

        services.AddSingleton<ReplicaConnectionFactory>();
        services.AddSingleton<OnceNotices>();
        Decorate<IRelationalConnection>(services, static (provider, primary) =>
            new RoutedConnection(primary, provider.GetRequiredService<RelationalConnectionDependencies>(), provider));
        Decorate<IMigrator>(services, static (provider, migrator) =>
            new GuardedMigrator(migrator, provider.GetRequiredService<ICurrentDbContext>()));
        Decorate<IDatabaseCreator>(services, static (provider, creator) => creator is RelationalDatabaseCreator relational
            ? new GuardedDatabaseCreator(relational, provider.GetRequiredService<RelationalDatabaseCreatorDependencies>())
            : creator);
        GuardTwice(services);
    }

    private static void Decorate<TService>(IServiceCollection services, Func<IServiceProvider, TService, TService> decorate)
        where TService : class
    {
        var original = services.Last(service => service.ServiceType == typeof(TService));
        services.Remove(original);
        services.Add(new(typeof(TService), provider => decorate(provider, (TService)Create(provider, original)), original.Lifetime));
    }

    private static void GuardTwice(IServiceCollection services)
    {
        var chainType = services
            .Where(service => service.ServiceType == typeof(IInterceptorAggregator))
            .Select(service => service.ImplementationType)
            .First(type => typeof(InterceptorAggregator<IDbCommandInterceptor>).IsAssignableFrom(type))!;
        Decorate<IInterceptors>(services, (provider, interceptors) =>
            new GuardedInterceptors(interceptors, provider.GetRequiredService<WriteGuard>(), chainType));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor descriptor) =>
        descriptor.ImplementationInstance
        ?? descriptor.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!);
}
