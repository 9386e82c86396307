using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>A connection that is changed at run time may be another tenant's: the replica in the options is then not its copy.</summary>
/// <remarks>The tenant's primary is the pair's replica here, and its replica the pair's primary: each database tells by its order's name who answered.</remarks>
public abstract class RunTimeConnectionTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    [Trait("Case", "C206")]
    public async Task SetConnectionString_keeps_queries_on_the_primary_it_names(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        var name = await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Database.SetConnectionString(Tenant);
            return await NameAsync(handling.Db);
        }));

        name.ShouldBe(DatabasePair.Replicated);
        app.Routes.Records[^1].Reason.ShouldBe(RouteReason.ReplicaMismatch);
        app.Routes.Records[^1].Route.ShouldBe(DatabaseRole.Primary);
    }

    [Fact]
    public async Task SetDbConnection_keeps_queries_on_the_primary_it_is()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Read(async handling =>
        {
            await using var connection = Pair.CreateConnection(Tenant);
            handling.Db.Database.SetDbConnection(connection);
            return await NameAsync(handling.Db);
        }));

        name.ShouldBe(DatabasePair.Replicated);
        app.Routes.Records[^1].Reason.ShouldBe(RouteReason.ReplicaMismatch);
    }

    [Theory]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    [Trait("Case", "C206")]
    public async Task The_next_lease_of_a_pooled_context_has_the_connections_of_its_options(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        await ShouldBeUntouchedAfterAsync(app, db => db.Database.SetConnectionString(Tenant));
        await ShouldBeUntouchedAfterAsync(app, db => db.Database.SetDbConnection(Pair.CreateConnection(Tenant)));
        await ShouldBeUntouchedAfterAsync(app, db => db.Database.SetDbConnection(Pair.CreateConnection(Tenant), contextOwnsConnection: true));
        await ShouldBeUntouchedAfterAsync(app, db => db.Database.SetReplicaConnectionString(Pair.Primary));
        await ShouldBeUntouchedAfterAsync(app, db =>
        {
            db.Database.SetConnectionString(Tenant);
            db.Database.SetConnectionString(Pair.Primary);
            db.Database.SetReplicaConnectionString(Pair.Primary);
        });
    }

    [Fact]
    [Trait("Case", "C206")]
    public async Task A_connection_that_a_command_changed_does_not_reach_the_next_lease()
    {
        await using var app = Start(options => options.Lifetime = ContextLifetime.Pooled);

        (await app.SendAsync(new Write(async handling =>
        {
            handling.Db.Database.SetConnectionString(Tenant);
            return await NameAsync(handling.Db);
        }))).ShouldBe(DatabasePair.Replicated);

        (await app.SendAsync(new Write(async handling => await NameAsync(handling.Db)))).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    public async Task SetReplicaConnectionString_names_the_replica_of_the_new_primary()
    {
        await using var app = Start();

        object? inCommand = null;
        var inQuery = await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Database.SetConnectionString(Tenant);
            handling.Db.Database.SetReplicaConnectionString(Pair.Primary);
            return await NameAsync(handling.Db);
        }));
        await app.SendAsync(new Write(async handling =>
        {
            handling.Db.Database.SetConnectionString(Tenant);
            handling.Db.Database.SetReplicaConnectionString(Pair.Primary);
            inCommand = await NameAsync(handling.Db);
        }));

        (inCommand, inQuery).ShouldBe((DatabasePair.Replicated, (object?)DatabasePair.Current));
        app.Routes.GetRecords<Read>()[^1].Route.ShouldBe(DatabaseRole.Replica);
    }

    [Theory]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    public async Task A_context_that_has_read_already_follows_the_connections_that_it_is_given(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);
        List<string> names = [];

        await app.InScopeAsync(async handling =>
        {
            var read = async () => names.Add((string)(await handling.Sender.Send(new Read(async inner => await NameAsync(inner.Db))))!);
            await read();
            handling.Db.Database.SetConnectionString(Tenant);
            handling.Db.Database.SetReplicaConnectionString(Pair.Primary);
            await read();
            handling.Db.Database.SetConnectionString(Pair.Primary);
            handling.Db.Database.SetReplicaConnectionString(Pair.Replica);
            await read();
            handling.Db.Database.SetReplicaConnectionString(Pair.Primary);
            await read();
        });

        names.ShouldBe([DatabasePair.Replicated, DatabasePair.Current, DatabasePair.Replicated, DatabasePair.Current]);
        app.Routes.GetRecords<Read>().Count(record => record is { Context: not null, Route: DatabaseRole.Replica }).ShouldBe(4);
    }

    [Theory]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_lease_that_leaves_a_transaction_open_hands_on_neither_it_nor_the_connection(ContextLifetime lifetime)
    {
        var slow = new SlowToRollBack();
        await using var app = Start(options =>
        {
            options.Lifetime = lifetime;
            options.ConfigureContext += (context, _) => context.AddInterceptors(slow);
        });

        await app.SendAsync(new Write(async handling =>
        {
            handling.Db.Database.SetConnectionString(Tenant);
            handling.Db.Database.SetReplicaConnectionString(Pair.Primary);
            await handling.Db.Database.BeginTransactionAsync();
        }));
        slow.RolledBack.ShouldBe(1);

        await app.InScopeAsync(async handling =>
        {
            handling.Db.Database.CurrentTransaction.ShouldBeNull();
            (await handling.Sender.Send(new Write(async inner => await NameAsync(inner.Db)))).ShouldBe(DatabasePair.Current);
        });
        (await app.SendAsync(new Read(async inner => await NameAsync(inner.Db)))).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task SetReplicaConnectionString_is_refused_while_the_replica_is_open()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            Should.Throw<InvalidOperationException>(() => handling.Db.Database.SetReplicaConnectionString(Pair.Primary))
                .Message.ShouldContain("Close it first");
        }));
    }

    [Fact]
    public async Task SetReplicaConnectionString_asks_for_UseReplica_where_there_is_none()
    {
        await using var db = Pair.Direct(Server.Primary);

        Should.Throw<InvalidOperationException>(() => db.Database.SetReplicaConnectionString(Pair.Replica))
            .Message.ShouldContain("Call UseReplica(...) in its options first; UseReplica(null) is enough to name one later.");
    }

    [Fact]
    public async Task A_changed_connection_is_logged_once()
    {
        var lines = new LogLines();
        await using var app = Start(options => options.AddContexts = (services, log) =>
        {
            lines.AddTo(services);
            services.AddDbContext<Shop<RunTimeConnectionTests>>(context => Pair.Use(context, Pair.Primary).UseReplica(Pair.Replica).AddInterceptors(log));
        });

        foreach (var _ in Enumerable.Range(0, 3))
        {
            await app.SendAsync(new Read(async handling =>
            {
                var db = handling.Services.GetRequiredService<Shop<RunTimeConnectionTests>>();
                db.Database.SetConnectionString(Tenant);
                await NameAsync(db);
            }));
        }

        lines.All.ShouldHaveSingleItem().ShouldBe(
            "Shop<RunTimeConnectionTests> stays on the primary: its connection was changed at run time. "
            + "Name the replica of the new one with Database.SetReplicaConnectionString(...). [CR003]");
    }

    private string Tenant => Pair.Replica;

    private static async Task<string> NameAsync(ShopContext db) => (await db.Orders.AsNoTracking().SingleAsync(order => order.Id == 1)).Name;

    private static async Task ShouldBeUntouchedAfterAsync(RoutedApp app, Action<ShopContext> change)
    {
        await app.InScopeAsync(async handling =>
        {
            change(handling.Db);
            await NameAsync(handling.Db);
        });
        await app.SendAsync(new Read(async handling =>
        {
            change(handling.Db);
            await NameAsync(handling.Db);
        }));

        (await app.SendAsync(new Read(async handling => await NameAsync(handling.Db)))).ShouldBe(DatabasePair.Replicated);
        (await app.SendAsync(new Write(async handling => await NameAsync(handling.Db)))).ShouldBe(DatabasePair.Current);
    }

    private sealed class SlowToRollBack : DbTransactionInterceptor
    {
        public int RolledBack { get; private set; }

        public override ValueTask<DbTransaction> TransactionStartedAsync(
            DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) => new(new Slow(result, () => RolledBack++));

        private sealed class Slow(DbTransaction inner, Action rolledBack) : DbTransaction
        {
            public override IsolationLevel IsolationLevel => inner.IsolationLevel;

            protected override DbConnection? DbConnection => inner.Connection;

            public override void Commit() => inner.Commit();

            public override void Rollback() => inner.Rollback();

            public override async ValueTask DisposeAsync()
            {
                await Task.Yield();
                await inner.DisposeAsync();
                rolledBack();
            }
        }
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RunTimeConnectionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RunTimeConnectionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
