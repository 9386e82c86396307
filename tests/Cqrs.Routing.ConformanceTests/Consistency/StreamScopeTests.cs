namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A route scope that the handler of a stream begins lasts over its elements until the handler disposes it.</summary>
public abstract class StreamScopeTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    public async Task ForcePrimary_survives_what_the_handler_yields()
    {
        await using var app = Start();

        (await NamesAsync(app, Names)).ShouldBe([DatabasePair.Replicated, DatabasePair.Current, DatabasePair.Current, DatabasePair.Replicated]);

        static async IAsyncEnumerable<object> Names(Handling handling)
        {
            yield return await NameAsync(handling);
            using (RouteScope.ForcePrimary())
            {
                yield return await NameAsync(handling);
                await Task.Yield();
                yield return await NameAsync(handling);
            }

            yield return await NameAsync(handling);
        }
    }

    [Fact]
    public async Task BeginQuery_and_the_ForcePrimary_inside_it_survive_what_the_handler_yields()
    {
        await using var app = Start();

        (await NamesAsync(app, Names)).ShouldBe([DatabasePair.Replicated, DatabasePair.Current, DatabasePair.Current, DatabasePair.Replicated, "refused"]);

        static async IAsyncEnumerable<object> Names(Handling handling)
        {
            using (RouteScope.BeginQuery())
            {
                yield return await NameAsync(handling);
                using (RouteScope.ForcePrimary())
                {
                    yield return await NameAsync(handling);
                    yield return await NameAsync(handling);
                }

                yield return await NameAsync(handling);
            }

            yield return await TryWriteAsync(handling);
        }
    }

    [Fact]
    public async Task What_a_handler_begins_does_not_reach_who_reads_the_stream()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await foreach (var _ in scope.Sender.CreateStream(new ReadStream(Endless)))
            {
                RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
                break;
            }

            (await scope.Sender.Send(new Read(async handling => await NameAsync(handling)))).ShouldBe(DatabasePair.Replicated);
        });

        static async IAsyncEnumerable<object> Endless(Handling handling)
        {
            using var forced = RouteScope.ForcePrimary();
            while (true)
                yield return await NameAsync(handling);
        }
    }

    [Fact]
    public async Task A_stream_inside_a_stream_has_a_ForcePrimary_of_its_own()
    {
        await using var app = Start();

        (await NamesAsync(app, Outer)).ShouldBe([DatabasePair.Replicated, DatabasePair.Current, DatabasePair.Replicated, DatabasePair.Current]);

        static async IAsyncEnumerable<object> Outer(Handling handling)
        {
            await using var inner = handling.Sender.CreateStream(new ReadStream(Inner)).GetAsyncEnumerator();
            yield return await NameAsync(handling);
            await inner.MoveNextAsync();
            yield return inner.Current;
            yield return await NameAsync(handling);
            await inner.MoveNextAsync();
            yield return inner.Current;
        }

        static async IAsyncEnumerable<object> Inner(Handling handling)
        {
            using var forced = RouteScope.ForcePrimary();
            yield return await NameAsync(handling);
            yield return await NameAsync(handling);
        }
    }

    private static Task<string> NameAsync(Handling handling) => handling.Db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync();

    private static async Task<string> TryWriteAsync(Handling handling)
    {
        try
        {
            await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written"));
            return "written";
        }
        catch (QueryWriteException)
        {
            return "refused";
        }
    }

    private static async Task<List<object>> NamesAsync(RoutedApp app, Func<Handling, IAsyncEnumerable<object>> body)
    {
        var names = new List<object>();
        await app.InScopeAsync(async scope =>
        {
            await foreach (var name in scope.Sender.CreateStream(new ReadStream(body)))
                names.Add(name);
        });
        return names;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : StreamScopeTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : StreamScopeTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
