using System.Data;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>Group B: an open transaction decides the route.</summary>
public abstract class TransactionTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C026")]
    public async Task A_query_inside_a_commands_transaction_sees_its_uncommitted_rows_on_the_primary()
    {
        await using var app = Start();

        var count = await app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            handling.Db.Add(new Order { Name = "uncommitted" });
            await handling.Db.SaveChangesAsync();
            app.Log.Clear();
            return await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        }));

        count.ShouldBe(2);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C027")]
    public async Task A_query_inside_a_command_runs_on_the_commands_own_connection_and_transaction()
    {
        await using var app = Start();

        await app.SendAsync(new Write(async outer =>
        {
            await using var transaction = await outer.Db.Database.BeginTransactionAsync();
            var connection = outer.Db.Database.GetDbConnection();
            await outer.Sender.Send(new Read(async inner =>
            {
                inner.Db.Database.GetDbConnection().ShouldBeSameAs(connection);
                inner.Db.Database.CurrentTransaction.ShouldBeSameAs(transaction);
                await inner.Db.Orders.CountAsync();
            }));
        }));

        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C028")]
    public async Task A_query_before_and_after_a_commands_transaction_reads_on_the_replica_and_one_inside_on_the_primary()
    {
        await using var app = Start();
        var read = new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

        var before = await app.SendAsync(read);
        var inside = await app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            return await handling.Sender.Send(read);
        }));
        var after = await app.SendAsync(read);

        $"{before}, {inside}, {after}".ShouldBe("replicated, current, replicated");
        app.Log.Counts.ShouldBe((1, 2));
    }

    [Fact]
    [Trait("Case", "C026")]
    public async Task A_transaction_outside_any_request_keeps_the_queries_of_its_context_on_the_primary()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            scope.Db.Add(new Order { Name = "uncommitted" });
            await scope.Db.SaveChangesAsync();
            app.Log.Clear();
            (await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.CountAsync()))).ShouldBe(2);
        });

        app.Log.Counts.ShouldBe((1, 0));
        app.Routes.GetRecords<Read>()[^1].Reason.ShouldBe(RouteReason.OpenConnection);
    }

    [Fact]
    [Trait("Case", "C045")]
    public async Task A_query_inside_a_command_reads_on_the_primary_before_anything_was_written_or_begun()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Write(async handling =>
            await handling.Sender.Send(new Read(async inner => (await inner.Db.Orders.AsNoTracking().SingleAsync()).Name))));

        name.ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C045")]
    public async Task A_query_inside_a_command_that_brings_a_context_of_its_own_reads_on_the_primary()
    {
        await using var app = Start(options => options.Lifetime = ContextLifetime.PooledFactory);

        var name = await app.SendAsync(new Write(async handling => await handling.Sender.Send(new Read(async inner =>
        {
            await using var db = await inner.Factory.CreateDbContextAsync();
            return (await db.Orders.AsNoTracking().SingleAsync()).Name;
        }))));

        name.ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C046")]
    public async Task A_query_sees_what_its_command_has_already_committed()
    {
        await using var app = Start();

        var count = await app.SendAsync(new Write(async handling =>
        {
            handling.Db.Add(new Order { Name = "committed" });
            await handling.Db.SaveChangesAsync();
            handling.Db.Database.CurrentTransaction.ShouldBeNull();
            app.Log.Clear();
            return await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        }));

        count.ShouldBe(2);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C043")]
    public async Task A_query_reads_in_a_transaction_of_its_own_on_the_replica_and_cannot_write_in_it()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead);
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync());
            handling.Db.Add(new Order { Name = "written by a query" });
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.SaveChangesAsync());
            var read = (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
            await transaction.CommitAsync();
            return read;
        }));

        name.ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 1));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : TransactionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : TransactionTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : TransactionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Fact]
        [Trait("Case", "C044")]
        public async Task A_query_that_asks_for_a_serializable_transaction_is_told_that_a_standby_has_none()
        {
            await using var app = Start();

            var error = await Should.ThrowAsync<PostgresException>(() => app.SendAsync(new Read(async handling =>
            {
                await using var transaction = await handling.Db.Database.BeginTransactionAsync(IsolationLevel.Serializable);
                await handling.Db.Orders.CountAsync();
            })));

            error.SqlState.ShouldBe(PostgresErrorCodes.FeatureNotSupported);
            error.MessageText.ShouldBe("cannot use serializable mode in a hot standby");
            app.Log.OnPrimary.ShouldBeEmpty();
        }
    }
}
