using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>Group B: transactions that fail or roll back.</summary>
public abstract class RollbackTests(DatabasePair pair) : ConformanceTest(pair)
{
    private static readonly Read CountOrders = new(async handling => await handling.Db.Orders.CountAsync());

    [Fact]
    [Trait("Case", "C040")]
    public async Task After_a_rollback_a_query_reads_on_the_replica_and_the_row_is_nowhere()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await using (var transaction = await scope.Db.Database.BeginTransactionAsync())
            {
                scope.Db.Add(new Order { Name = "rolled back" });
                await scope.Db.SaveChangesAsync();
                (await scope.Sender.Send(CountOrders)).ShouldBe(2);
                await transaction.RollbackAsync();
            }

            app.Log.Clear();
            (await scope.Sender.Send(CountOrders)).ShouldBe(1);
        });

        app.Log.Counts.ShouldBe((0, 1));
        (await CountOnAsync(Server.Primary)).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C040")]
    public async Task After_a_command_that_rolled_back_the_next_request_reads_on_the_replica()
    {
        await using var app = Start();

        await Should.ThrowAsync<NotSupportedException>(() => app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            handling.Db.Add(new Order { Name = "rolled back" });
            await handling.Db.SaveChangesAsync();
            throw new NotSupportedException();
        })));
        app.Log.Clear();

        (await app.SendAsync(CountOrders)).ShouldBe(1);
        app.Log.Counts.ShouldBe((0, 1));
        (await CountOnAsync(Server.Primary)).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C040")]
    public async Task Inside_the_command_that_rolled_back_a_query_still_reads_on_the_primary()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Write(async handling =>
        {
            await using (var transaction = await handling.Db.Database.BeginTransactionAsync())
                await handling.Db.Orders.ExecuteDeleteAsync();
            app.Log.Clear();
            return await handling.Sender.Send(new Read(async inner => (await inner.Db.Orders.AsNoTracking().SingleAsync()).Name));
        }));

        name.ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C039")]
    public async Task After_a_failed_statement_in_a_transaction_a_query_still_goes_to_the_primary()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            await Should.ThrowAsync<Exception>(() => scope.Db.Database.ExecuteSqlRawAsync("INSERT INTO missing VALUES (1)"));
            app.Log.Clear();
            await QueryInBrokenTransactionAsync(scope);
        });

        app.Log.Counts.ShouldBe((1, 0));
    }

    /// <summary>What the database itself says after a failed statement.</summary>
    protected abstract Task QueryInBrokenTransactionAsync(Handling scope);

    private async Task<int> CountOnAsync(Server server)
    {
        await using var db = Pair.Direct(server);
        return await db.Orders.CountAsync();
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RollbackTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
    {
        protected override async Task QueryInBrokenTransactionAsync(Handling scope) =>
            (await scope.Sender.Send(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Current);
    }

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RollbackTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        protected override async Task QueryInBrokenTransactionAsync(Handling scope) =>
            (await Should.ThrowAsync<PostgresException>(() => scope.Sender.Send(CountOrders))).SqlState.ShouldBe(PostgresErrorCodes.InFailedSqlTransaction);
    }
}
