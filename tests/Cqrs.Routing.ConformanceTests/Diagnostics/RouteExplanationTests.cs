namespace Cqrs.Routing.ConformanceTests.Diagnostics;

/// <summary>The explanation of a routing decision names every step that led to it.</summary>
public abstract class RouteExplanationTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    public async Task The_explanation_of_a_query_inside_a_commands_transaction_names_every_step()
    {
        await using var app = Start();
        RouteExplanation? request = null, context = null, unused = null;

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Sender.Send(new Read(async inner =>
            {
                unused = inner.Db.Database.ExplainRoute();
                await inner.Db.Orders.CountAsync();
                (request, context) = (RouteScope.Explain(), inner.Db.Database.ExplainRoute());
            }));
        }));

        request!.ToString().ShouldBe("Primary (InsideCommand): Read asks for the replica; inside command WriteNothingBack");
        context!.ToString().ShouldBe("Primary (InsideCommand): Read asks for the replica; inside command WriteNothingBack; on the transaction that ShopContext has open");
        unused!.Steps.ShouldBe(request.Steps);
        app.Routes.GetRecords<Read>().Select(record => record.Steps).ShouldBe([request.Steps, context.Steps]);
        app.Routes.GetRecords<WriteNothingBack>()[0].Steps.ShouldBe(["WriteNothingBack is a command"]);
    }

    [Fact]
    public async Task The_explanation_outside_any_request_says_that_no_request_is_running()
    {
        await using var app = Start();

        await app.InScopeAsync(handling =>
        {
            handling.Db.Database.ExplainRoute().ToString().ShouldBe("Primary (NoRequest): no request is running");
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task The_explanation_of_a_query_on_the_replica_says_that_it_asks_for_the_replica()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Orders.CountAsync();
            handling.Db.Database.ExplainRoute().ToString().ShouldBe("Replica (Query): Read asks for the replica");
        }));
    }

    [Fact]
    public async Task The_explanation_names_each_scope_and_each_kind_of_request()
    {
        await using var app = Start(options => options.ConfigureRouting = static routing => routing.AllowCommandsInQueries = true);

        await app.SendAsync(new Neither(async handling =>
        {
            RouteScope.Explain().Steps.ShouldBe(["Neither is neither query nor command"]);
            await handling.Sender.Send(new Read(_ =>
            {
                RouteScope.Explain().Steps.ShouldBe(["Read asks for the replica", "inside Neither, which is neither query nor command"]);
                return Task.CompletedTask;
            }));
        }));
        await app.SendAsync(new ReadFromPrimaryQuery(async handling =>
        {
            RouteScope.Explain().Steps.ShouldBe(["ReadFromPrimaryQuery asks for the primary"]);
            await handling.Sender.Send(new Read(_ =>
            {
                RouteScope.Explain().ToString().ShouldBe("Primary (ReadFromPrimary): Read asks for the replica; inside query ReadFromPrimaryQuery, which asks for the primary");
                return Task.CompletedTask;
            }));
        }));
        await app.SendAsync(new Read(async handling =>
        {
            await handling.Sender.Send(new WriteNothingBack(async inner => await inner.Db.Orders.CountAsync()));
            using var forced = RouteScope.ForcePrimary();
            using var query = RouteScope.BeginQuery();
            RouteScope.Explain().ToString().ShouldBe(
                $"Primary (ForcedPrimary): RouteScope.BeginQuery(RouteExplanationTests.{nameof(The_explanation_names_each_scope_and_each_kind_of_request)}) asks for the replica; inside RouteScope.ForcePrimary(); inside query Read; a command ran inside it before");
        }));
    }

    [Fact]
    public async Task The_explanation_ends_with_what_kept_the_context_on_the_primary()
    {
        await using var app = Start();

        await app.InScopeAsync(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        });
        await using var without = Start(options => options.ConfigureContext = static (context, _) => context.UseReplica((string?)null));
        await without.SendAsync(new Read(async inner => await inner.Db.Orders.CountAsync()));

        app.Routes.GetRecords<Read>()[^1].Steps.ShouldBe(["Read asks for the replica", "on the connection that ShopContext has open"]);
        without.Routes.GetRecords<Read>()[^1].Steps.ShouldBe(["Read asks for the replica", "ShopContext: its context has no replica"]);
    }

    [Fact]
    public async Task A_request_that_reads_again_after_an_inner_request_is_recorded_once()
    {
        await using var app = Start();
        static async Task Count(Handling handling) => await handling.Db.Orders.CountAsync();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            for (var round = 0; round < 3; round++)
            {
                await Count(handling);
                await handling.Sender.Send(new Read(async inner =>
                {
                    await Count(inner);
                    await inner.Sender.Send(new ReadFromPrimaryQuery(Count));
                    await Count(inner);
                }));
            }

            await Count(handling);
        }));

        app.Routes.Records.Where(record => record.Context is not null).GroupBy(record => record.Request!.Name, (name, records) => (name, records.Count()))
            .ShouldBe([(nameof(WriteNothingBack), 1), (nameof(Read), 3), (nameof(ReadFromPrimaryQuery), 3)], ignoreOrder: true);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RouteExplanationTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RouteExplanationTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
