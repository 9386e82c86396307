using System.Transactions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>Group B: a <see cref="TransactionScope"/> decides like any other transaction. SQLite cannot enlist, but its queries follow the same rules.</summary>
public abstract class AmbientTransactionTests(DatabasePair pair) : ConformanceTest(pair)
{
    private static readonly Read ReadName = new(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

    [Fact]
    [Trait("Case", "C033")]
    public async Task A_query_inside_a_transaction_scope_reads_on_the_primary_and_after_it_on_the_replica()
    {
        await using var app = StartWithScopes();

        using (NewScope())
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
        app.Routes.GetRecords<Read>().Where(record => record.Context is not null).ShouldHaveSingleItem().Reason.ShouldBe(RouteReason.AmbientTransaction);

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C034")]
    public async Task A_query_between_Complete_and_Dispose_is_answered()
    {
        await using var app = StartWithScopes();

        using (var scope = NewScope())
        {
            scope.Complete();
            Should.Throw<InvalidOperationException>(() => Transaction.Current);
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        }

        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C037")]
    public async Task A_query_inside_a_suppressed_scope_reads_on_the_replica()
    {
        await using var app = StartWithScopes();

        using var scope = NewScope();
        using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C033")]
    public async Task A_query_that_opens_a_scope_of_its_own_inside_itself_reads_on_the_primary_and_cannot_write()
    {
        await using var app = StartWithScopes();

        await app.SendAsync(new Read(async handling =>
        {
            using var scope = NewScope();
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current);
            await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Orders.ExecuteDeleteAsync());
            scope.Complete();
        }));

        app.Log.Counts.ShouldBe((1, 0));
    }

    private static TransactionScope NewScope() =>
        new(TransactionScopeOption.Required, new TransactionOptions { IsolationLevel = IsolationLevel.ReadCommitted }, TransactionScopeAsyncFlowOption.Enabled);

    private RoutedApp StartWithScopes() => Start(options => options.ConfigureContext = (context, pair) =>
        context.UseReplica(pair.Replica).ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.AmbientTransactionWarning)));

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : AmbientTransactionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : AmbientTransactionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Theory]
        [Trait("Case", "C033")]
        [Trait("Case", "C036")]
        [InlineData(true)]
        [InlineData(false)]
        public async Task What_was_written_is_seen_inside_the_scope_and_a_read_does_not_abort_it(bool sameScope)
        {
            await using var app = StartWithScopes();

            await app.InScopeAsync(async services =>
            {
                using var scope = NewScope();
                await services.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "in the scope"));
                app.Log.Clear();
                (sameScope ? await services.Sender.Send(ReadName) : await app.SendAsync(ReadName)).ShouldBe("in the scope");
                scope.Complete();
            });

            app.Log.Counts.ShouldBe((1, 0));
            (await NameOnPrimaryAsync()).ShouldBe("in the scope");
        }

        [Fact]
        [Trait("Case", "C036")]
        public async Task A_replica_connection_that_a_query_holds_open_does_not_enlist_in_a_scope_that_begins_later()
        {
            await using var app = StartWithScopes();

            await app.SendAsync(new Read(async handling =>
            {
                await handling.Db.Database.OpenConnectionAsync();
                using var scope = NewScope();
                await using (var elsewhere = Pair.Direct(Server.Primary))
                    await elsewhere.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "in the scope"));
                (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
                scope.Complete();
            }));

            app.Log.Counts.ShouldBe((0, 1));
            (await NameOnPrimaryAsync()).ShouldBe("in the scope");
        }

        [Fact]
        [Trait("Case", "C033")]
        public async Task A_query_stays_on_a_connection_that_was_enlisted_by_hand()
        {
            await using var app = StartWithScopes();

            await app.InScopeAsync(async services =>
            {
                using var transaction = new CommittableTransaction();
                await services.Db.Database.OpenConnectionAsync();
                services.Db.Database.EnlistTransaction(transaction);
                await services.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "in the transaction"));
                app.Log.Clear();
                (await services.Sender.Send(ReadName)).ShouldBe("in the transaction");
                transaction.Rollback();
            });

            app.Log.Counts.ShouldBe((1, 0));
            (await NameOnPrimaryAsync()).ShouldBe(DatabasePair.Current);
        }

        private async Task<string> NameOnPrimaryAsync()
        {
            await using var primary = Pair.Direct(Server.Primary);
            return (await primary.Orders.SingleAsync()).Name;
        }
    }
}
