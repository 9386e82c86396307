using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>The settings, transactions and interceptors of a context apply to its primary connection and to its replica connection.</summary>
public abstract class BothConnectionsTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    public async Task SetCommandTimeout_reaches_both_connections_built_before_or_after()
    {
        await using var app = Start(options => options.AddContexts = AddWatched(ContextLifetime.Scoped));

        await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Database.SetCommandTimeout(71);
            await ReadBothAsync(handling.Db);
            handling.Db.Database.SetCommandTimeout(72);
            await ReadBothAsync(handling.Db);
        }));

        Watcher(app).Seen.Select(seen => (seen.Server, seen.Timeout)).ShouldBe(
            [(Server.Replica, 71), (Server.Primary, 71), (Server.Replica, 72), (Server.Primary, 72)]);
    }

    [Theory]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_command_timeout_ends_with_the_lease_on_both_connections(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.AddContexts = AddWatched(lifetime));

        await app.SendAsync(new Read(async handling =>
        {
            await ReadBothAsync(handling.Db);
            handling.Db.Database.SetCommandTimeout(71);
            await ReadBothAsync(handling.Db);
        }));
        await app.SendAsync(new Read(async handling => await ReadBothAsync(handling.Db)));

        var timeouts = Watcher(app).Seen.Select(seen => seen.Timeout).ToList();
        timeouts[2..4].ShouldBe([71, 71]);
        timeouts[4..6].ShouldBe(timeouts[..2]);
        timeouts[0].ShouldBe(timeouts[1]);
        timeouts.ShouldContain(timeout => timeout != 71);
    }

    [Theory]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_transaction_that_is_left_open_ends_with_the_lease_on_either_server(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        await app.SendAsync(new Read(async handling => await handling.Db.Database.BeginTransactionAsync()));
        await app.SendAsync(new Write(async handling =>
        {
            handling.Db.Database.CurrentTransaction.ShouldBeNull();
            await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Name, "left open"));
        }));
        var name = await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Database.CurrentTransaction.ShouldBeNull();
            return (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
        }));

        name.ShouldBe(DatabasePair.Replicated);
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
    }

    [Theory]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_command_timeout_of_a_lease_that_used_neither_connection_ends_with_it(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.AddContexts = AddWatched(lifetime));
        await app.SendAsync(new Read(async handling => await ReadBothAsync(handling.Db)));

        await app.SendAsync(new Read(handling =>
        {
            handling.Db.Database.SetCommandTimeout(71);
            return Task.FromResult<object?>(null);
        }));
        await app.SendAsync(new Read(async handling => await ReadBothAsync(handling.Db)));

        Watcher(app).Seen.Select(seen => seen.Timeout == 71).ShouldBe([false, false, false, false]);
    }

    [Fact]
    public async Task A_command_timeout_ends_with_the_lease_even_for_a_replica_connection_that_is_built_later()
    {
        await using var app = Start(options => options.AddContexts = AddWatched(ContextLifetime.Pooled));

        await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Database.SetCommandTimeout(71);
            handling.Db.Database.SetReplicaConnectionString(Pair.Replica);
            await ReadBothAsync(handling.Db);
        }));
        await app.SendAsync(new Read(async handling => await ReadBothAsync(handling.Db)));

        Watcher(app).Seen.Select(seen => seen.Timeout == 71).ShouldBe([true, true, false, false]);
    }

    [Fact]
    public async Task The_providers_command_timeout_holds_on_both_connections()
    {
        await using var app = Start(options => options.AddContexts = AddWatched(ContextLifetime.Scoped, commandTimeout: 73));

        await app.SendAsync(new Read(async handling => await ReadBothAsync(handling.Db)));

        Watcher(app).Seen.ShouldAllBe(seen => seen.Timeout == 73);
    }

    [Fact]
    public async Task The_providers_command_timeout_holds_on_a_configured_replica_that_names_none()
    {
        await using var app = Start(options => options.AddContexts = AddWatched(ContextLifetime.Scoped, commandTimeout: 73, configuredReplica: true));

        await app.SendAsync(new Read(async handling => await ReadBothAsync(handling.Db)));

        Watcher(app).Seen.Select(seen => seen.Timeout).ShouldBe([73, 73]);
    }

    [Fact]
    public async Task Interceptors_of_the_application_see_its_context_and_the_real_connection_on_both_servers()
    {
        await using var app = Start(options => options.AddContexts = AddWatched(ContextLifetime.Scoped));
        ShopContext? context = null;

        await app.SendAsync(new Read(async handling =>
        {
            context = handling.Db;
            await ReadBothAsync(handling.Db);
        }));

        var watcher = Watcher(app);
        watcher.Seen.Select(seen => seen.Server).ShouldBe([Server.Replica, Server.Primary]);
        watcher.Opened.Select(opened => opened.Server).ShouldBe([Server.Replica, Server.Primary]);
        watcher.Seen.Select(seen => seen.Context).Concat(watcher.Opened.Select(opened => opened.Context)).ShouldAllBe(seen => ReferenceEquals(seen, context));
    }

    [Theory]
    [ClassData(typeof(Lifetimes))]
    public async Task A_provider_that_retries_is_routed(ContextLifetime lifetime)
    {
        await using var app = Start(options => (options.Lifetime, options.Retry) = (lifetime, true));

        (await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Replicated);
        (await app.SendAsync(new Write(async handling => await handling.Db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            var name = (await handling.Db.Orders.SingleAsync()).Name;
            await transaction.CommitAsync();
            return name;
        })))).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 1));
    }

    private static async Task ReadBothAsync(ShopContext db)
    {
        await db.Orders.CountAsync();
        using var forced = RouteScope.ForcePrimary();
        await db.Orders.CountAsync();
    }

    private static Watch Watcher(RoutedApp app) => app.Services.GetRequiredService<Watch>();

    private Action<IServiceCollection, ServerLog> AddWatched(ContextLifetime lifetime, int? commandTimeout = null, bool configuredReplica = false) => (services, _) =>
    {
        var watch = new Watch(Pair);
        services.AddSingleton(watch);
        RegistrationTests.Add(services, lifetime, context =>
        {
            Pair.Use(context, Pair.Primary).AddInterceptors(watch, watch.Connections);
            if (commandTimeout is { } timeout)
                SetTimeout(context, timeout);
            if (configuredReplica)
                context.UseReplica(replica => Pair.Use(replica, Pair.Replica), Unmeasured);
            else
                context.UseReplica(Pair.Replica, Unmeasured);

            // A measurement opens connections through the same interceptors.
            static void Unmeasured(ReplicaOptions options) => options.MonitorInterval = TimeSpan.Zero;
        });
    };

    private static void SetTimeout(DbContextOptionsBuilder context, int timeout)
    {
        if (context.Options.Extensions.Any(extension => extension.GetType().Name.StartsWith("Npgsql", StringComparison.Ordinal)))
            context.UseNpgsql(npgsql => npgsql.CommandTimeout(timeout));
        else
            context.UseSqlite(sqlite => sqlite.CommandTimeout(timeout));
    }

    private sealed class Watch(DatabasePair pair) : DbCommandInterceptor
    {
        public List<(Server Server, int Timeout, DbContext? Context)> Seen { get; } = [];

        public List<(Server Server, DbContext? Context)> Opened => Connections.Opened;

        public ConnectionInterceptor Connections { get; } = new(pair);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Seen.Add((pair.ServerOf(command.Connection!), command.CommandTimeout, eventData.Context));
            return new(result);
        }
    }

    private sealed class ConnectionInterceptor(DatabasePair pair) : DbConnectionInterceptor
    {
        public List<(Server Server, DbContext? Context)> Opened { get; } = [];

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Opened.Add((pair.ServerOf(connection), eventData.Context));
            return Task.CompletedTask;
        }
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : BothConnectionsTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : BothConnectionsTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
