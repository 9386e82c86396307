using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>Group B: nested commands in an application that opens a transaction around each outermost request.</summary>
public abstract class TransactionBehaviorTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C049")]
    public async Task A_command_inside_a_command_joins_its_transaction()
    {
        await using var app = StartWithTransactions();

        await app.SendAsync(new Write(async outer =>
        {
            var transaction = outer.Db.Database.CurrentTransaction.ShouldNotBeNull();
            await outer.Sender.Send(new Write(async inner =>
            {
                inner.Db.Database.CurrentTransaction.ShouldBeSameAs(transaction);
                await inner.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "by the inner command"));
            }));
            outer.Db.Database.CurrentTransaction.ShouldBeSameAs(transaction);
        }));

        (await NameOnPrimaryAsync()).ShouldBe("by the inner command");
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Theory]
    [Trait("Case", "C050")]
    [Trait("Case", "C051")]
    [InlineData("inner")]
    [InlineData("outer")]
    public async Task Whichever_command_fails_the_failure_surfaces_and_nothing_persists(string failing)
    {
        await using var app = StartWithTransactions();

        var failure = await Should.ThrowAsync<NotSupportedException>(() => app.SendAsync(new Write(async outer =>
        {
            await outer.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "by the outer command"));
            await outer.Sender.Send(new Write(async inner =>
            {
                await inner.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "by the inner command"));
                FailIf(failing == "inner");
            }));
            FailIf(failing == "outer");
        })));

        failure.Message.ShouldBe("on purpose");
        (await NameOnPrimaryAsync()).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C028")]
    public async Task A_transaction_around_a_query_begins_on_the_replica_and_the_query_stays_in_it()
    {
        await using var app = StartWithTransactions();

        var names = await app.SendAsync(new Read(async outer =>
        {
            var transaction = outer.Db.Database.CurrentTransaction.ShouldNotBeNull();
            var inner = await outer.Sender.Send(new Read(async handling =>
            {
                handling.Db.Database.CurrentTransaction.ShouldBeSameAs(transaction);
                return (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
            }));
            return $"{(await outer.Db.Orders.AsNoTracking().SingleAsync()).Name}, {inner}";
        }));

        names.ShouldBe("replicated, replicated");
        app.Log.Counts.ShouldBe((0, 2));
    }

    [Fact]
    [Trait("Case", "C053")]
    public async Task Where_a_behavior_runs_the_rest_twice_both_runs_are_on_the_same_route()
    {
        await using var app = Start(options => options.ConfigureServices = services => services.AddTransient(typeof(IPipelineBehavior<,>), typeof(TwiceBehavior<,>)));

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync()));
        app.Log.Counts.ShouldBe((0, 2));

        await app.SendAsync(new Write(async handling => await handling.Db.Orders.CountAsync()));
        app.Log.Counts.ShouldBe((2, 2));
    }

    private static void FailIf(bool fails)
    {
        if (fails)
            throw new NotSupportedException("on purpose");
    }

    private RoutedApp StartWithTransactions() => Start(options => options.ConfigureServices = services =>
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(TransactionBehavior<,>)));

    private async Task<string> NameOnPrimaryAsync()
    {
        await using var db = Pair.Direct(Server.Primary);
        return (await db.Orders.SingleAsync()).Name;
    }

    public sealed class TwiceBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
        where TRequest : notnull
    {
        public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
        {
            await next();
            return await next();
        }
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : TransactionBehaviorTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : TransactionBehaviorTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
