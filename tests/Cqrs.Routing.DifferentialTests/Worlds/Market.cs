using Cqrs.Routing.DifferentialTests.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>An application with two contexts on a bench. A new one for each program: routing may remember what it saw of a request type, and a program has to fail alone as it fails among others.</summary>
public sealed class Market(Wiring wiring, ContextLifetime lifetime, bool officeIsRouted, Bench bench) : IAsyncDisposable
{
    // Finding the handlers in their assemblies takes longer than a whole program.
    private static readonly Lazy<ServiceCollection> Shared = new(static () =>
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<Read>().RegisterServicesFromAssemblyContaining<Look>());
        return services;
    });

    private readonly List<DbContext> _byHand = [];

    public Wiring Wiring => wiring;

    public Bench Bench => bench;

    public ServiceProvider Services { get; } = bench.Registrations
        .GetOrAdd((wiring, lifetime, officeIsRouted), key => Register(key.Wiring, key.Lifetime, key.OfficeIsRouted, bench))
        .BuildServiceProvider(validateScopes: true);

    /// <summary>A context for one act.</summary>
    public StoreContext CreateFresh(out IDisposable owner)
    {
        if (lifetime is ContextLifetime.Factory or ContextLifetime.PooledFactory)
        {
            var created = Services.GetRequiredService<IDbContextFactory<StoreContext>>().CreateDbContext();
            owner = created;
            return created;
        }

        var scope = Services.CreateScope();
        owner = scope;
        return scope.ServiceProvider.GetRequiredService<StoreContext>();
    }

    /// <summary>A context on the replica, for <see cref="Wiring.ByHand"/>.</summary>
    public MarketContext CreateOnReplica(bool store)
    {
        MarketContext context = store
            ? new StoreContext(new DbContextOptionsBuilder<StoreContext>().UseSqlite(bench.Replica + ";Mode=ReadOnly").Options)
            : new OfficeContext(new DbContextOptionsBuilder<OfficeContext>().UseSqlite(bench.Replica + ";Mode=ReadOnly").Options);
        _byHand.Add(context);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _byHand)
            await context.DisposeAsync();
        await Services.DisposeAsync();
    }

    private static IServiceCollection Register(Wiring wiring, ContextLifetime lifetime, bool officeIsRouted, Bench bench)
    {
        IServiceCollection services = new ServiceCollection();
        foreach (var descriptor in Shared.Value)
            services.Add(descriptor);
        Add<StoreContext>(services, lifetime, options => Configure(options, wiring, bench));
        Add<OfficeContext>(services, lifetime, options => Configure(options, officeIsRouted ? wiring : Wiring.Plain, bench));
        if (wiring is not (Wiring.Plain or Wiring.ByHand))
            services.AddRoutingBehavior();
        return services;
    }

    private static void Configure(DbContextOptionsBuilder options, Wiring wiring, Bench bench)
    {
        options.UseSqlite(bench.Primary);
        if (wiring is Wiring.Plain or Wiring.ByHand)
            return;

        // Whoever wrote may read from the replica at once, and nobody measures the replica beside the program.
        options.AddInterceptors(ReplicaStatements.Instance).UseReplica(wiring == Wiring.NoReplica ? null : bench.Replica, replica =>
        {
            replica.RecentWriteWindow = TimeSpan.Zero;
            replica.MonitorInterval = TimeSpan.Zero;
        });
    }

    private static void Add<TContext>(IServiceCollection services, ContextLifetime lifetime, Action<DbContextOptionsBuilder> configure)
        where TContext : DbContext
    {
        switch (lifetime)
        {
            case ContextLifetime.Scoped:
                services.AddDbContext<TContext>(configure);
                break;
            case ContextLifetime.Pooled:
                services.AddDbContextPool<TContext>(configure);
                break;
            case ContextLifetime.Factory:
                services.AddDbContextFactory<TContext>(configure);
                break;
            case ContextLifetime.PooledFactory:
                services.AddPooledDbContextFactory<TContext>(configure);
                services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContext());
                break;
        }
    }
}
