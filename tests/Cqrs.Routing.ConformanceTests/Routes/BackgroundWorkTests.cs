namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: background work that a request started and did not await.</summary>
public abstract class BackgroundWorkTests(DatabasePair pair) : ConformanceTest(pair)
{
    private readonly TaskCompletionSource _requestEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    [Trait("Case", "C023")]
    public async Task A_query_sent_after_the_command_that_started_the_work_has_nothing_of_its_transaction()
    {
        await using var app = Start();
        Task<object?> background = null!;

        await app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            handling.Db.Add(new Order { Name = "committed" });
            await handling.Db.SaveChangesAsync();
            background = Task.Run(() => AfterTheRequest(() => app.SendAsync(new Read(async query =>
                query.Db.Database.CurrentTransaction is null ? await query.Db.Orders.CountAsync() : -1))));
            await transaction.CommitAsync();
        }));
        app.Log.Clear();
        _requestEnded.SetResult();

        (await background).ShouldBe(1);
        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C023")]
    public async Task A_query_sent_while_the_command_still_runs_reads_on_the_primary()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Write(async _ => await Task.Run(() => app.SendAsync(new Read(async query => (await query.Db.Orders.AsNoTracking().SingleAsync()).Name)))));

        name.ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C023")]
    public async Task What_a_query_left_behind_is_outside_any_request_and_may_write()
    {
        await using var app = Start();
        Task<object?> background = null!;

        await app.SendAsync(new Read(async handling =>
        {
            background = Task.Run(() => AfterTheRequest(async () =>
            {
                RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));
                await app.InScopeAsync(async scope => await scope.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Version, 7)));
                return await app.SendAsync(new Write(async command => (await command.Db.Orders.SingleAsync()).Version));
            }));
            await handling.Db.Orders.CountAsync();
        }));
        _requestEnded.SetResult();

        (await background).ShouldBe(7);
        app.Log.Counts.ShouldBe((2, 1));
    }

    [Fact]
    [Trait("Case", "C023")]
    public async Task Work_left_behind_by_an_inner_query_does_not_keep_the_route_of_the_outer_command()
    {
        await using var app = Start();
        Task<object?> background = null!;

        await app.SendAsync(new Write(async outer => await outer.Sender.Send(new Read(async _ =>
            background = await Task.FromResult(Task.Run(() => AfterTheRequest(() => app.SendAsync(new Read(async query => (await query.Db.Orders.AsNoTracking().SingleAsync()).Name)))))))));
        _requestEnded.SetResult();

        (await background).ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C004")]
    [Trait("Case", "C023")]
    public async Task What_a_stream_left_behind_is_outside_any_request_and_may_write()
    {
        await using var app = Start();
        Task<object?> background = null!;

        await app.InScopeAsync(async consumer =>
        {
            await foreach (var _ in consumer.Sender.CreateStream(new ReadStream(handling => handling.Db.Lines.Select(line => line.Product).AsAsyncEnumerable().Select(product =>
            {
                background ??= Task.Run(() => AfterTheRequest(() => app.SendAsync(new Write(async command => (await command.Db.Orders.SingleAsync()).Name))));
                return product;
            }))))
            {
            }
        });
        _requestEnded.SetResult();

        (await background).ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C017")]
    public async Task Work_begun_in_a_forced_block_that_has_ended_is_still_inside_its_command()
    {
        await using var app = Start();

        var name = await app.SendAsync(new Write(async _ =>
        {
            var blockLeft = new TaskCompletionSource();
            Task<object?> work;
            using (RouteScope.ForcePrimary())
            {
                work = Task.Run(async () =>
                {
                    await blockLeft.Task;
                    return await app.SendAsync(new Read(async query => (await query.Db.Orders.AsNoTracking().SingleAsync()).Name));
                });
            }

            blockLeft.SetResult();
            return await work;
        }));

        name.ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((1, 0));
    }

    private async Task<object?> AfterTheRequest(Func<Task<object?>> work)
    {
        await _requestEnded.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return await work();
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : BackgroundWorkTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : BackgroundWorkTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
