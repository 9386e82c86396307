namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: a stream keeps its route from its first element to its last.</summary>
public abstract class StreamTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C004")]
    public async Task Each_element_of_a_streaming_query_is_read_on_the_replica_and_its_consumer_is_not_routed()
    {
        await using var app = Start();

        await app.InScopeAsync(async consumer =>
        {
            await foreach (var name in consumer.Sender.CreateStream(new ReadStream(ReadForEachElement)))
            {
                name.ShouldBe(DatabasePair.Replicated);
                RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));
            }
        });

        app.Log.Counts.ShouldBe((0, 3));
    }

    [Fact]
    [Trait("Case", "C004")]
    public async Task Whatever_flow_asks_for_an_element_the_stream_stays_on_the_replica()
    {
        await using var app = Start();

        await app.InScopeAsync(async consumer =>
        {
            await using var elements = consumer.Sender.CreateStream(new ReadStream(ReadForEachElement)).GetAsyncEnumerator();
            while (await Task.Run(async () => await elements.MoveNextAsync()))
                elements.Current.ShouldBe(DatabasePair.Replicated);
        });

        app.Log.Counts.ShouldBe((0, 3));
    }

    [Fact]
    [Trait("Case", "C004")]
    public async Task While_one_result_is_streamed_from_the_replica_the_consumer_commands_the_primary()
    {
        await using var app = Start();

        await app.InScopeAsync(async consumer =>
        {
            await foreach (var product in consumer.Sender.CreateStream(new ReadStream(handling => handling.Db.Lines.Select(line => line.Product).AsAsyncEnumerable())))
            {
                await app.SendAsync(new Write(async handling => await handling.Db.Orders.ExecuteUpdateAsync(orders =>
                    orders.SetProperty(order => order.Name, order => order.Name + " " + product))));
            }
        });

        app.Log.Counts.ShouldBe((2, 1));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync()).Name.ShouldBe("current tea milk");
    }

    [Theory]
    [Trait("Case", "C004")]
    [Trait("Case", "C017")]
    [InlineData("left early")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task A_stream_that_ends_before_its_time_leaves_no_route_behind(string how)
    {
        await using var app = Start();
        using var cancellation = new CancellationTokenSource();

        await app.InScopeAsync(async consumer =>
        {
            var stream = consumer.Sender.CreateStream(new ReadStream(handling => ReadThen(handling, () => Fail(how, cancellation))), cancellation.Token);
            try
            {
                await foreach (var _ in stream)
                {
                    if (how == "left early")
                        break;
                }
            }
            catch (Exception e) when (e is NotSupportedException or OperationCanceledException)
            {
            }

            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));
            (await consumer.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C004")]
    [Trait("Case", "C026")]
    public async Task A_stream_inside_a_commands_transaction_sees_its_uncommitted_rows_on_the_primary()
    {
        await using var app = Start();
        var counts = new List<object>();

        await app.SendAsync(new Write(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            handling.Db.Add(new Order { Name = "uncommitted" });
            await handling.Db.SaveChangesAsync();
            app.Log.Clear();
            await foreach (var count in handling.Sender.CreateStream(new ReadStream(CountForEachElement)))
                counts.Add(count);
            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.Command));
        }));

        counts.ShouldBe([2, 2]);
        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C004")]
    public async Task A_streaming_query_cannot_write_after_any_element()
    {
        await using var app = Start();

        await app.InScopeAsync(async consumer => await Should.ThrowAsync<QueryWriteException>(async () =>
        {
            await foreach (var _ in consumer.Sender.CreateStream(new ReadStream(ReadAndWrite)))
            {
            }
        }));

        app.Log.Counts.ShouldBe((0, 1));
    }

    private static void Fail(string how, CancellationTokenSource cancellation)
    {
        if (how == "failed")
            throw new NotSupportedException();
        cancellation.Cancel();
        cancellation.Token.ThrowIfCancellationRequested();
    }

    private static async IAsyncEnumerable<object> ReadForEachElement(Handling handling)
    {
        for (var i = 0; i < 3; i++)
        {
            await Task.Yield();
            yield return (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
        }
    }

    private static async IAsyncEnumerable<object> CountForEachElement(Handling handling)
    {
        yield return await handling.Db.Orders.CountAsync();
        yield return await handling.Db.Orders.CountAsync();
    }

    private static async IAsyncEnumerable<object> ReadThen(Handling handling, Action then)
    {
        yield return await handling.Db.Orders.CountAsync();
        then();
        yield return await handling.Db.Orders.CountAsync();
    }

    private static async IAsyncEnumerable<object> ReadAndWrite(Handling handling)
    {
        yield return await handling.Db.Orders.CountAsync();
        await handling.Db.Orders.ExecuteDeleteAsync();
        yield return 0;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : StreamTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : StreamTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : StreamTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
