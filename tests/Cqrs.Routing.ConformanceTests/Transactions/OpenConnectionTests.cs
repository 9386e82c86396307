using System.Data.Common;
using Dapper;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>Group B: open connections, and transactions that EF did not begin.</summary>
public abstract class OpenConnectionTests(DatabasePair pair) : ConformanceTest(pair)
{
    private static readonly Read CountOrders = new(async handling => await handling.Db.Orders.CountAsync());

    [Fact]
    [Trait("Case", "C030")]
    public async Task A_query_stays_where_a_transaction_was_begun_with_SQL()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.OpenConnectionAsync();
            await scope.Db.Database.ExecuteSqlRawAsync("BEGIN");
            await scope.Db.Database.ExecuteSqlRawAsync("""DELETE FROM "Orders" """);
            scope.Db.Database.CurrentTransaction.ShouldBeNull();
            app.Log.Clear();
            (await scope.Sender.Send(CountOrders)).ShouldBe(0);
            app.Log.Counts.ShouldBe((1, 0));
            await scope.Db.Database.ExecuteSqlRawAsync("ROLLBACK");
            await scope.Db.Database.CloseConnectionAsync();
            app.Log.Clear();
            (await scope.Sender.Send(CountOrders)).ShouldBe(1);
        });

        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C030")]
    public async Task A_query_stays_where_a_transaction_was_begun_on_the_bare_connection()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var connection = scope.Db.Database.GetDbConnection();
            await connection.OpenAsync();
            await using (var transaction = await connection.BeginTransactionAsync())
            {
                await connection.ExecuteAsync("""DELETE FROM "Orders" """, transaction: transaction);
                await scope.Sender.Send(new Read(async handling =>
                {
                    handling.Db.Database.GetDbConnection().ShouldBeSameAs(connection);
                    (await handling.Db.Database.GetDbConnection().ExecuteScalarAsync<int>("""SELECT count(*) FROM "Orders" """, transaction: transaction)).ShouldBe(0);
                }));
            }

            await connection.CloseAsync();
            (await scope.Sender.Send(CountOrders)).ShouldBe(1);
        });

        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C030")]
    public async Task A_query_stays_on_a_connection_that_the_caller_opened()
    {
        await using var app = Start();
        var read = new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

        await app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.OpenConnectionAsync();
            (await scope.Sender.Send(read)).ShouldBe(DatabasePair.Current);
            await scope.Db.Database.CloseConnectionAsync();
            (await scope.Sender.Send(read)).ShouldBe(DatabasePair.Replicated);
        });

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C031")]
    public async Task A_second_context_on_the_commands_connection_and_transaction_sees_its_uncommitted_rows()
    {
        await using var app = Start(options => options.Lifetime = ContextLifetime.Factory);

        var count = await WithUncommittedOrderAsync(app, async (first, second) =>
        {
            second.Database.SetDbConnection(first.Database.GetDbConnection());
            await second.Database.UseTransactionAsync(first.Database.CurrentTransaction!.GetDbTransaction());
            second.Database.CurrentTransaction.ShouldNotBeNull();
        });

        count.ShouldBe(2);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C031")]
    public async Task A_transaction_of_another_connection_is_refused_with_EFs_own_error()
    {
        await using var app = Start(options => options.Lifetime = ContextLifetime.Factory);

        var error = await Should.ThrowAsync<InvalidOperationException>(() => WithUncommittedOrderAsync(app, (first, second) =>
            second.Database.UseTransactionAsync(first.Database.CurrentTransaction!.GetDbTransaction())));

        error.Message.ShouldContain("not associated with the current connection");
        app.Log.OnReplica.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Case", "C032")]
    public async Task A_second_context_on_the_commands_connection_stays_on_the_primary_even_without_the_transaction()
    {
        await using var app = Start(options => options.Lifetime = ContextLifetime.Factory);
        DbConnection? connection = null;

        await WithUncommittedOrderAsync(app, (first, second) =>
        {
            connection = first.Database.GetDbConnection();
            second.Database.SetDbConnection(connection);
            second.Database.CurrentTransaction.ShouldBeNull();
            return Task.CompletedTask;
        });

        Pair.ServerOf(connection!).ShouldBe(Server.Primary);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C208")]
    public async Task A_query_that_needs_the_primary_is_refused_while_its_context_is_in_a_transaction_on_the_replica()
    {
        await using var app = Start();
        var fresh = new ReadFromPrimaryQuery(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

        await app.SendAsync(new Read(async outer =>
        {
            await using (await outer.Db.Database.BeginTransactionAsync())
            {
                var refusal = await Should.ThrowAsync<InvalidOperationException>(() => outer.Sender.Send(fresh));
                refusal.Message.ShouldStartWith($"{nameof(ReadFromPrimaryQuery)} needs the primary, but the context is still open on the replica");
                (await outer.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
            }

            (await outer.Sender.Send(fresh)).ShouldBe(DatabasePair.Current);
        }));

        app.Log.Counts.ShouldBe((1, 1));
    }

    private static async Task<object?> WithUncommittedOrderAsync(RoutedApp app, Func<ShopContext, ShopContext, Task> share)
    {
        object? count = null;
        await app.InScopeAsync(async scope =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            scope.Db.Add(new Order { Name = "uncommitted" });
            await scope.Db.SaveChangesAsync();
            app.Log.Clear();
            count = await scope.Sender.Send(new Read(async handling =>
            {
                await using var second = await handling.Factory.CreateDbContextAsync();
                await share(scope.Db, second);
                return await second.Orders.CountAsync();
            }));
        });
        return count;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : OpenConnectionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : OpenConnectionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
