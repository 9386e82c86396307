namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: requests that run at the same time.</summary>
public abstract class ConcurrencyTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C022")]
    public async Task A_query_and_a_command_that_take_turns_each_see_their_own_server()
    {
        await using var app = Start();
        var barrier = new FlowBarrier(2);

        var seen = await Task.WhenAll(
            Task.Run(() => app.SendAsync(new Read(handling => ReadThreeTimes(handling, barrier)))),
            Task.Run(() => app.SendAsync(new Write(handling => ReadThreeTimes(handling, barrier)))));

        seen.ShouldBe(["replicated replicated replicated", "current current current"]);
        app.Log.Counts.ShouldBe((3, 3));
    }

    [Theory]
    [Trait("Case", "C022")]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task Many_queries_and_commands_at_once_are_never_mixed_up(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        var seen = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => i % 2 == 0
            ? app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))
            : app.SendAsync(new Write(async handling => (await handling.Db.Orders.SingleAsync()).Name)))));

        seen.Where((_, i) => i % 2 == 0).ShouldAllBe(name => Equals(name, DatabasePair.Replicated));
        seen.Where((_, i) => i % 2 == 1).ShouldAllBe(name => Equals(name, DatabasePair.Current));
        app.Log.Counts.ShouldBe((30, 30));
    }

    [Fact]
    [Trait("Case", "C025")]
    public async Task Two_queries_at_once_with_a_context_each_both_read_on_the_replica()
    {
        await using var app = Start();
        var barrier = new FlowBarrier(2);
        Task<object?> SendAsync() => app.SendAsync(new Read(handling => ReadThreeTimes(handling, barrier)));

        var seen = await Task.WhenAll(SendAsync(), SendAsync());

        seen.ShouldAllBe(names => Equals(names, "replicated replicated replicated"));
        app.Log.Counts.ShouldBe((0, 6));
    }

    [Fact]
    [Trait("Case", "C025")]
    public async Task Two_queries_at_once_inside_a_command_never_read_on_the_replica()
    {
        await using var app = Start();
        var barrier = new FlowBarrier(2);
        Task<object?> SendAsync() => app.SendAsync(new Read(handling => ReadThreeTimes(handling, barrier)));

        var seen = await app.SendAsync(new Write(async _ => string.Join(" ", await Task.WhenAll(SendAsync(), SendAsync()))));

        seen.ShouldBe("current current current current current current");
        app.Log.Counts.ShouldBe((6, 0));
    }

    [Theory]
    [Trait("Case", "C025")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_queries_at_once_on_one_context_get_EFs_own_error_and_routing_goes_on(bool inCommand)
    {
        var gate = new Gate();
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).AddInterceptors(new CommandGate(gate)));
        var read = new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);

        async Task OverlapAsync(Handling handling)
        {
            var first = handling.Sender.Send(read);
            await gate.Entered;
            var error = await Should.ThrowAsync<InvalidOperationException>(() => handling.Sender.Send(read));
            gate.Release();

            error.Message.ShouldContain("A second operation was started");
            (await first).ShouldBe(inCommand ? DatabasePair.Current : DatabasePair.Replicated);
            (await handling.Sender.Send(read)).ShouldBe(inCommand ? DatabasePair.Current : DatabasePair.Replicated);
        }

        if (inCommand)
            await app.SendAsync(new Write(OverlapAsync));
        else
            await app.InScopeAsync(OverlapAsync);

        app.Log.Counts.ShouldBe(inCommand ? (2, 0) : (0, 2));
    }

    [Fact]
    [Trait("Case", "C022")]
    public async Task A_command_beside_a_running_query_of_the_same_scope_leaves_the_querys_context_alone()
    {
        await using var app = Start(options => options.Lifetime = ContextLifetime.Factory);
        var barrier = new FlowBarrier(2);

        await app.InScopeAsync(async scope =>
        {
            var order = (await scope.Sender.Send(new Read(async query => await query.Db.Orders.SingleAsync())))!;
            await Task.WhenAll(
                scope.Sender.Send(new Read(async query =>
                {
                    await query.Db.Orders.CountAsync();
                    await barrier.ArriveAsync();
                    await barrier.ArriveAsync();
                    query.Db.Entry(order).State.ShouldBe(EntityState.Unchanged);
                    (await query.Db.Orders.SingleAsync()).ShouldBeSameAs(order);
                })),
                CommandBesideAsync(scope));
        });

        app.Log.Counts.ShouldBe((4, 0));

        async Task CommandBesideAsync(Handling scope)
        {
            await barrier.ArriveAsync();
            await scope.Sender.Send(new Write(async command =>
            {
                await using var db = await command.Factory.CreateDbContextAsync();
                await db.Orders.CountAsync();
            }));
            await barrier.ArriveAsync();
        }
    }

    private static async Task<object?> ReadThreeTimes(Handling handling, FlowBarrier barrier)
    {
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            await barrier.ArriveAsync();
            names.Add((await handling.Db.Orders.AsNoTracking().SingleAsync()).Name);
        }

        return string.Join(" ", names);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ConcurrencyTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ConcurrencyTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
