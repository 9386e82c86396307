using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Testing.Tests;

/// <summary>Each assertion of the testing kit passes and fails correctly, with a helpful message.</summary>
public sealed class AssertionTests
{
    [Fact]
    public async Task A_route_is_told_with_its_reason()
    {
        await using var app = await NotesApp.StartAsync();
        await app.AddAsync("one");
        await app.SendAsync(new ListNotes());

        app.Routes.AssertRoute<AddNote>(DatabaseRole.Primary, RouteReason.Command);
        app.Routes.AssertRoute<ListNotes>(DatabaseRole.Replica);
        Message(() => app.Routes.AssertRoute<ListNotes>(DatabaseRole.Primary)).ShouldBe(
            """
            ListNotes should have run on Primary, but these are its decisions, oldest first:
              as sent: Replica (Query)
              NotesContext: Replica (Query)
            [CR303]
            """);
        Message(() => app.Routes.AssertRoute<AddNote>(DatabaseRole.Primary, RouteReason.ForcedPrimary)).ShouldStartWith("AddNote should have run on Primary (ForcedPrimary), but");
    }

    [Fact]
    public async Task Where_a_context_went_counts_not_where_the_request_was_sent()
    {
        await using var app = await NotesApp.StartAsync(static options => Microsoft.EntityFrameworkCore.ReplicaDbContextOptionsBuilderExtensions.UseReplica(options, (string?)null));
        await app.SendAsync(new ListNotes());

        app.Routes.AssertRoute<ListNotes>(DatabaseRole.Primary, RouteReason.NoReplica);
        Message(() => app.Routes.AssertRoute<ListNotes>(DatabaseRole.Replica)).ShouldContain("NotesContext: Primary (NoReplica)");
    }

    [Fact]
    public async Task A_query_that_went_to_the_primary_in_the_middle_took_both_routes_and_so_neither()
    {
        await using var app = await NotesApp.StartAsync(routing: static options => options.AllowCommandsInQueries = true);
        await app.SendAsync(new SendInQuery());

        var decisions =
            """
            , but these are its decisions, oldest first:
              as sent: Replica (Query)
              NotesContext: Replica (Query)
              NotesContext: Primary (AfterInnerCommand)
            [CR303]
            """;
        Message(() => app.Routes.AssertRoute<SendInQuery>(DatabaseRole.Replica)).ShouldBe($"SendInQuery should have run on Replica{decisions}");
        Message(() => app.Routes.AssertRoute<SendInQuery>(DatabaseRole.Primary)).ShouldBe($"SendInQuery should have run on Primary{decisions}");
        app.Routes.AssertNoQueryWrote();
    }

    [Fact]
    public async Task A_request_that_was_not_sent_took_no_route()
    {
        await using var app = await NotesApp.StartAsync();
        Message(() => app.Routes.AssertRoute<ListNotes>(DatabaseRole.Replica)).ShouldContain("Is AddRouteRecorder() called");
        await app.AddAsync("one");

        Message(() => app.Routes.AssertRoute<ListNotes>(DatabaseRole.Replica)).ShouldBe("ListNotes should have run on Replica, but it was not sent. Recorded requests: AddNote. [CR301]");
    }

    [Fact]
    public async Task Commands_are_counted_by_the_server_that_they_reached()
    {
        await using var app = await NotesApp.StartAsync();
        await app.AddAsync("one");
        await app.SendAsync(new ListNotes());

        app.Lag.Commands.AssertCounts(primary: 1, replica: 1);
        var message = Message(() => app.Lag.Commands.AssertCounts(primary: 0, replica: 1));
        message.ShouldStartWith("Expected commands: 0 on the primary, 1 on the replica. There were 1 and 1.");
        message.ShouldContain("Primary: INSERT INTO");
        message.ShouldContain("Replica: SELECT");
        Message(() => app.Lag.Commands.AssertCounts(primary: 1, replica: 0)).ShouldContain("There were 1 and 1.");
    }

    [Fact]
    public async Task A_write_through_a_query_is_told_although_the_query_hid_it()
    {
        await using var app = await NotesApp.StartAsync();
        await app.AddAsync("one");
        await app.SendAsync(new ListNotes());
        app.Routes.AssertNoQueryWrote();

        await app.SendAsync(new MarkNotesRead());

        Message(app.Routes.AssertNoQueryWrote).ShouldContain("MarkNotesRead is a query and cannot write, but it called ExecuteUpdate or ExecuteDelete");
        app.Lag.Commands.AssertCounts(primary: 1, replica: 1);
        app.Routes.Clear();
        await app.SendAsync(new ListNotes());
        app.Routes.AssertNoQueryWrote();
    }

    [Fact]
    public async Task A_command_sent_by_a_query_is_told_although_the_query_hid_it()
    {
        await using var app = await NotesApp.StartAsync();

        (await app.SendAsync(new SendInQuery())).ShouldBe(0);

        Message(app.Routes.AssertNoQueryWrote).ShouldContain("SendInQuery is a query and sent the command AddNote.");
    }

    [Fact]
    public async Task A_write_through_a_context_that_a_query_still_reads_with_is_told_although_somebody_hid_it()
    {
        await using var app = await NotesApp.StartAsync();
        await app.AddAsync("one");

        await app.InScopeAsync(async scope =>
        {
            var notes = scope.GetRequiredService<NotesContext>();
            var query = RouteScope.BeginQuery();
            await using var rows = notes.Notes.AsNoTracking().AsAsyncEnumerable().GetAsyncEnumerator(TestContext.Current.CancellationToken);
            await rows.MoveNextAsync();
            query.Dispose();
            return await Should.ThrowAsync<QueryWriteException>(() => notes.Notes.ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        });

        Message(app.Routes.AssertNoQueryWrote).ShouldContain("is still open on the replica for is a query and cannot write, but it called ExecuteUpdate or ExecuteDelete");
    }

    [Fact]
    public async Task In_shadow_mode_a_query_that_wrote_or_sent_a_command_is_told_once_although_nobody_refused_it()
    {
        await using var app = await NotesApp.StartAsync(static options => options.AddInterceptors(new Redirect()), routedPercent: 0);
        await app.AddAsync("one");
        app.Routes.AssertNoQueryWrote();

        (await app.SendAsync(new MarkNotesRead())).ShouldBe(1);
        (await app.SendAsync(new SendInQuery())).ShouldBe(2);

        // The first line, one for each attempt, and the code.
        Message(app.Routes.AssertNoQueryWrote).Split(Environment.NewLine).Length.ShouldBe(4);
    }

    [Fact]
    public async Task Assertions_fail_if_no_context_calls_UseReplica_because_they_would_check_nothing()
    {
        await using var app = await NotesApp.StartAsync(usesReplica: false);
        await app.AddAsync("one");

        (await app.SendAsync(new MarkNotesRead())).ShouldBe(1);

        app.Routes.AssertRoute<AddNote>(DatabaseRole.Primary);
        Message(() => app.Routes.AssertRoute<MarkNotesRead>(DatabaseRole.Replica)).ShouldBe(
            "MarkNotesRead should have run on Replica, but it used no context that is routed, so it read nothing from the replica. "
            + "Does the context call UseReplica, and does the request use that context and no other connection? [CR302]");
        Message(app.Routes.AssertNoQueryWrote).ShouldStartWith("No query should have written, but no request used a context that is routed, so no write was checked. Does the context call UseReplica");
    }

    [Fact]
    public void Nobody_knows_about_writes_where_nothing_was_recorded() =>
        Message(new RouteRecorder().AssertNoQueryWrote).ShouldContain("Nothing was recorded at all.");

    private static string Message(Action assertion) => Should.Throw<RoutingAssertionException>(assertion).Message;
}
