using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Connections;

/// <summary><c>RouteScope.Suppress</c>: infrastructure code inside a query, such as Data Protection keys or an inbox, runs outside the request.</summary>
public abstract class SuppressedScopeTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    public async Task Code_in_a_suppressed_block_may_write_inside_a_query_that_may_not()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            await Should.ThrowAsync<QueryWriteException>(() => WriteAsync(app));
            using (RouteScope.Suppress())
            {
                RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));
                RoutingSession.Current.ShouldBeNull();
                await WriteAsync(app);
                await app.SendAsync(new Write(async inner => await inner.Db.Orders.CountAsync()));
            }

            RouteScope.Current.Route.ShouldBe(DatabaseRole.Replica);
            (await handling.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(1);
            await Should.ThrowAsync<QueryWriteException>(() => WriteAsync(app));
        }));

        await using var db = Pair.Direct(Server.Primary);
        (await db.Orders.CountAsync(order => order.Name == "kept")).ShouldBe(1);
    }

    [Fact]
    public async Task A_program_with_EF_alone_writes_the_rows_that_it_writes_in_suppressed_blocks()
    {
        await using var app = Start(options => options.ConfigureContext = static (_, _) => { });

        await app.SendAsync(new Read(async handling =>
        {
            using (RouteScope.Suppress())
                await WriteAsync(app);
            (await handling.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(2);
        }));
    }

    [Fact]
    public async Task A_worker_that_is_started_in_a_suppressed_block_stays_outside_the_request()
    {
        await using var app = Start();
        var ended = new TaskCompletionSource();
        Task worker = Task.CompletedTask;

        await app.SendAsync(new Read(handling =>
        {
            using (RouteScope.Suppress())
            {
                worker = Task.Run(async () =>
                {
                    await ended.Task;
                    RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
                    await WriteAsync(app);
                });
            }

            // The scope has ended, and the query has not.
            ended.SetResult();
            return worker;
        }));

        await worker;
        app.Log.OnReplica.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_suppressed_block_in_a_stream_lasts_over_the_elements()
    {
        await using var app = Start();
        var routes = new List<RouteReason>();

        await app.InScopeAsync(async scope =>
        {
            await foreach (var _ in scope.Sender.CreateStream(new ReadStream(StreamAsync)))
                routes.Add(RouteScope.Current.Reason);
        });

        routes.ShouldAllBe(reason => reason == RouteReason.NoRequest);

        async IAsyncEnumerable<object> StreamAsync(Handling handling)
        {
            RouteScope.Current.Reason.ShouldBe(RouteReason.Query);
            using (RouteScope.Suppress())
            {
                yield return 1;
                RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
                await WriteAsync(app);
                yield return 2;
            }

            RouteScope.Current.Reason.ShouldBe(RouteReason.Query);
            await Should.ThrowAsync<QueryWriteException>(() => WriteAsync(app));
        }
    }

    [Fact]
    public async Task A_command_sent_in_a_suppressed_block_does_not_count_for_the_session_around_it()
    {
        await using var app = Start();

        await app.InScopeAsync(async user =>
        {
            var session = user.Services.GetRequiredService<RoutingSession>();
            await user.Sender.Send(new Read(async _ =>
            {
                using (RouteScope.Suppress())
                    await app.SendAsync(new Write(async inner => await inner.Db.Orders.CountAsync()));
            }));
            session.Commands.ShouldBe(0);
        });
    }

    private static async Task WriteAsync(RoutedApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopContext>();
        db.Add(new Order { Name = "kept" });
        await db.SaveChangesAsync();
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : SuppressedScopeTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : SuppressedScopeTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
