using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Shadow;

/// <summary>In shadow mode every request runs on the primary, nothing is refused, and a report lists what routing would have done.</summary>
public abstract class ShadowModeTests(DatabasePair pair) : ShadowTest(pair)
{
    [Fact]
    public async Task A_query_reads_on_the_primary_and_would_have_read_on_the_replica()
    {
        await using var app = StartInShadow();

        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((1, 0));
        app.Routes.GetRecords<Read>()[^1].ShouldBe(new(typeof(Read), typeof(ShopContext), DatabaseRole.Primary, RouteReason.Shadow));
        var found = Found<Read>(app);
        (found.Runs, found.Stale, found.Escalated).ShouldBe((1, 0, 0));
        found.Outcomes.ShouldHaveSingleItem().ShouldBe(new(RouteReason.Query, 1));
    }

    [Fact]
    public async Task What_a_query_writes_is_written_and_told_once_per_request()
    {
        await using var app = StartInShadow();

        await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Add(new Line { OrderId = 1, Product = "secret value" });
            await handling.Db.SaveChangesAsync();
            (await RenameAsync(handling, "renamed")).ShouldBe(1);
            await handling.Db.Database.ExecuteSqlAsync($"""UPDATE "Orders" SET "Version" = 2""");
        }));

        app.Log.OnReplica.ShouldBeEmpty();
        await using var db = Pair.Direct(Server.Primary);
        (await db.Lines.CountAsync(line => line.Product == "secret value")).ShouldBe(1);
        (await db.Orders.SingleAsync()).ShouldSatisfyAllConditions(order => order.Name.ShouldBe("renamed"), order => order.Version.ShouldBe(2));
        var found = Found<Read>(app);
        found.Writes.ShouldBe(1);
        found.WriteAttempts.ShouldBe(["it called SaveChanges with changed entities through ShopContext"]);
        ReportOf(app).ToString().ShouldContain("Read (1 of 1 run) is a query and would have been refused as a write (QueryWriteException): it called SaveChanges with changed entities through ShopContext.");
        ReportOf(app).ToString().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_that_somebody_turns_into_a_result_is_reported(bool swallows)
    {
        await using var app = StartInShadow();
        var read = new Read(async handling =>
        {
            try
            {
                await handling.Db.Database.SqlQueryRaw<int>("""SELECT "Nothing" AS "Value" FROM "Nowhere" """).SingleAsync();
            }
            catch (System.Data.Common.DbException) when (swallows)
            {
                // An empty answer will do.
            }
        });

        if (swallows)
            await app.SendAsync(read);
        else
            await Should.ThrowAsync<System.Data.Common.DbException>(() => app.SendAsync(read));

        Found<Read>(app).SwallowedErrors.ShouldBe(swallows ? 1 : 0);
        ReportOf(app).ToString().Contains("answered although a statement failed", StringComparison.Ordinal).ShouldBe(swallows);
    }

    [Fact]
    public async Task A_schema_that_a_query_creates_is_reported_as_a_write()
    {
        await using var app = StartInShadow();

        await app.SendAsync(new Read(handling => handling.Db.Database.EnsureCreatedAsync()));

        Found<Read>(app).WriteAttempts.ShouldBe(["it called EnsureCreatedAsync through ShopContext"]);
    }

    [Fact]
    public async Task A_command_inside_a_query_runs_and_is_told()
    {
        await using var app = StartInShadow();

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Sender.Send(new WriteNothingBack(inner => RenameAsync(inner, "by the command")));
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe("by the command");
        }));

        app.Log.Counts.ShouldBe((2, 0));
        var found = Found<Read>(app);
        (found.Commands, found.Writes).ShouldBe((1, 0));
        found.SentCommands.ShouldBe([nameof(WriteNothingBack)]);
        ReportOf(app).ToString().ShouldContain("Read (1 of 1 run) is a query and would have been refused for sending WriteNothingBack (CommandInQueryException).");
    }

    [Fact]
    public async Task A_command_that_a_query_may_send_takes_it_off_the_replica()
    {
        await using var app = StartInShadow(options => options.ConfigureRouting = routing => routing.AllowCommandsInQueries = true);

        await app.SendAsync(new Read(async handling => await handling.Sender.Send(new WriteNothingBack(inner => RenameAsync(inner, "by the command")))));

        var found = Found<Read>(app);
        (found.Commands, found.Escalated).ShouldBe((0, 1));
        found.Outcomes[RouteReason.AfterInnerCommand].ShouldBe(1);
    }

    [Fact]
    public async Task Commands_and_the_queries_inside_them_run_as_without_shadow_mode()
    {
        await using var app = StartInShadow();

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            await RenameAsync(handling, "by the command");
            (await handling.Sender.Send(ReadName())).ShouldBe("by the command");
        }));

        app.Log.Counts.ShouldBe((2, 0));
        app.Routes.GetRecords<Read>()[^1].Reason.ShouldBe(RouteReason.InsideCommand);
        Found<Read>(app).Outcomes.ShouldHaveSingleItem().Key.ShouldBe(RouteReason.InsideCommand);
        ReportOf(app).ToString().ShouldContain("Nothing to fix before going live.");
    }

    [Fact]
    public async Task A_query_scope_outside_any_request_is_in_shadow_mode()
    {
        await using var app = StartInShadow();

        await app.InScopeAsync(async handling =>
        {
            using (RouteScope.BeginQuery())
                (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Current);
            using (RouteScope.BeginQuery())
            {
                handling.Db.Add(new Tag { Label = "new" });
                await handling.Db.SaveChangesAsync();
            }
        });

        app.Log.OnReplica.ShouldBeEmpty();
        var found = ReportOf(app).Requests.ShouldHaveSingleItem();
        (found.Name, found.Runs, found.Writes).ShouldBe(($"RouteScope.BeginQuery(ShadowModeTests.{nameof(A_query_scope_outside_any_request_is_in_shadow_mode)})", 2, 1));
    }

    [Fact]
    public async Task The_self_check_runs_in_shadow_mode_and_is_not_reported()
    {
        await using var app = StartInShadow(options => options.ConfigureServices = static services => services.AddRoutingSelfCheck());

        var report = await app.Services.GetRequiredService<RoutingSelfCheck>().RunAsync(TestContext.Current.CancellationToken);

        report.ToString().ShouldContain("no migrations on either server");
        ReportOf(app).Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_is_in_shadow_mode_to_its_last_row()
    {
        await using var app = StartInShadow();

        await app.InScopeAsync(async handling =>
        {
            await foreach (var order in handling.Sender.CreateStream(new ReadStream(inner => inner.Db.Orders.AsNoTracking().AsAsyncEnumerable())))
                ((Order)order).Name.ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((1, 0));
        Found<ReadStream>(app).Outcomes[RouteReason.Query].ShouldBe(1);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ShadowModeTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ShadowModeTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
