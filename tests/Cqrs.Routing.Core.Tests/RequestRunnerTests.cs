using Cqrs.Routing.Core.Tests.Application;
using Cqrs.Routing.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Core.Tests;

/// <summary>Requests that an application runs itself with its own markers.</summary>
public sealed class RequestRunnerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_reads_on_the_replica_and_a_command_writes_on_the_primary(bool routed)
    {
        await using var application = await NotesApplication.StartAsync(routed);
        await using var scope = application.NewScope();

        (await application.ListAsync(scope)).ShouldBe(["first"]);
        // With EF alone, all is on the primary, and the answers are the same.
        application.Lag.Commands.AssertCounts(primary: routed ? 0 : 1, replica: routed ? 1 : 0);
        application.Lag.Commands.Clear();
        (await application.AddAsync(scope, "second")).ShouldBe(1);
        application.Lag.Commands.AssertCounts(primary: 1, replica: 0);
        (await application.ListAsync(scope)).ShouldBe(["first", "second"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_sees_what_a_command_wrote_although_the_replica_stands_still(bool routed)
    {
        await using var application = await NotesApplication.StartAsync(routed);
        await using var scope = application.NewScope();
        application.Lag.Freeze();

        await application.AddAsync(scope, "second");

        (await application.ListAsync(scope)).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_request_whose_adapter_is_from_the_root_provider_belongs_to_the_session_around_it()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var user = application.NewScope();
        await using var scope = application.NewScope();
        application.Lag.Freeze();

        using (user.ServiceProvider.GetRequiredService<RoutingSession>().Begin())
        {
            await application.AddAsync(scope, "second", application.Root);
            (await application.ListAsync(scope, application.Root)).ShouldBe(["first", "second"]);
        }

        user.ServiceProvider.GetRequiredService<RoutingSession>().Commands.ShouldBeGreaterThan(0);
        // Somebody else has written nothing, and reads what the replica has.
        await using var other = application.NewScope();
        (await application.ListAsync(other, application.Root)).ShouldBe(["first"]);
    }

    [Fact]
    public async Task A_request_whose_adapter_is_from_the_root_provider_belongs_to_the_scope_of_its_context()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();
        application.Lag.Freeze();

        await application.AddAsync(scope, "second", application.Root);

        (await application.ListAsync(scope, application.Root)).ShouldBe(["first", "second"]);
        (await application.ListAsync(scope)).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task An_attribute_keeps_a_query_on_the_primary()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();

        var notes = await application.Root.GetRequiredService<RequestRunner<ListFreshNotes>>().RunOnceAsync(
            new ListFreshNotes(), scope.ServiceProvider, cancellation => ActivatorUtilities.CreateInstance<ListNotesHandler>(scope.ServiceProvider).HandleAsync(cancellation), CancellationToken.None);

        notes.ShouldBe(["first"]);
        application.Lag.Commands.AssertCounts(primary: 1, replica: 0);
        application.Routes.AssertRoute<ListFreshNotes>(DatabaseRole.Primary, RouteReason.ReadFromPrimary);
    }

    [Fact]
    public async Task A_query_that_its_replica_fails_among_the_rows_runs_again_with_a_new_handler()
    {
        await using var application = await NotesApplication.StartAsync(interceptor: new FailsOnce());
        await using var scope = application.NewScope();
        var made = 0;

        var notes = await application.Root.GetRequiredService<RequestRunner<ListNotes>>().RunAsync<NewHandler<List<Note>>, List<Note>>(
            new(), scope.ServiceProvider, new(scope.ServiceProvider, (_, cancellation) => Interlocked.Increment(ref made) > 0 ? ReadAsync(scope, cancellation) : throw new InvalidOperationException()), CancellationToken.None);

        notes.Select(note => note.Text).ShouldBe(["first"]);
        made.ShouldBe(2);
        application.Lag.Commands.AssertCounts(primary: 1, replica: 1);
    }

    [Fact]
    public async Task A_handler_that_was_made_before_does_not_run_twice()
    {
        await using var application = await NotesApplication.StartAsync(interceptor: new FailsOnce());
        await using var scope = application.NewScope();
        var runs = 0;

        await Should.ThrowAsync<SqliteException>(() => application.Root.GetRequiredService<RequestRunner<ListNotes>>().RunOnceAsync(
            new ListNotes(), scope.ServiceProvider, cancellation => Interlocked.Increment(ref runs) > 0 ? ReadAsync(scope, cancellation) : throw new InvalidOperationException(), CancellationToken.None));

        runs.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_stays_on_the_replica_from_the_first_element_to_the_last()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<NotesContext>();
        var runner = application.Root.GetRequiredService<RequestRunner<ListNotes>>();
        var notes = new List<(string, RouteReason)>();

        await foreach (var note in runner.StreamAsync<NoteStream, string>(new(), scope.ServiceProvider, new(db), CancellationToken.None))
            notes.Add((note, RouteScope.Current.Reason));

        // Between elements the code that enumerates runs, which is outside the request.
        notes.ShouldBe([("first", RouteReason.NoRequest)]);
        application.Lag.Commands.AssertCounts(primary: 0, replica: 1);
    }

    [Fact]
    public async Task A_query_is_kept_from_writing_and_from_sending_a_command()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();
        var runner = application.Root.GetRequiredService<RequestRunner<ListNotes>>();

        await Should.ThrowAsync<QueryWriteException>(() => runner.RunOnceAsync(new(), scope.ServiceProvider, cancellation => NotesApplication.SaveAsync(scope, "second", cancellation), CancellationToken.None));
        await Should.ThrowAsync<CommandInQueryException>(() => runner.RunOnceAsync(new(), scope.ServiceProvider, _ => application.AddAsync(scope, "second"), CancellationToken.None));

        (await application.ListAsync(scope)).ShouldBe(["first"]);
    }

    [Fact]
    public async Task Begin_and_dispose_bracket_a_request_that_cannot_be_wrapped()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();
        application.Lag.Freeze();

        using (application.Root.GetRequiredService<RequestRunner<AddNote>>().Begin(new("second"), scope.ServiceProvider))
            await NotesApplication.SaveAsync(scope, "second");
        RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
        using (application.Root.GetRequiredService<RequestRunner<ListNotes>>().Begin(new(), scope.ServiceProvider))
        {
            var texts = await ActivatorUtilities.CreateInstance<ListNotesHandler>(scope.ServiceProvider).HandleAsync(CancellationToken.None);
            texts.ShouldBe(["first", "second"]);
        }

        application.Routes.AssertRoute<ListNotes>(DatabaseRole.Primary, RouteReason.NotCaughtUp);
    }

    [Fact]
    public void A_marker_is_an_interface_or_the_definition_of_a_generic_one()
    {
        var options = new RoutingOptions();

        Should.Throw<ArgumentException>(() => options.AddQueryMarker(typeof(IReads<int>))).Message.ShouldContain("typeof(IQuery<>)");
        Should.Throw<ArgumentException>(() => options.AddCommandMarker(typeof(Note))).Message.ShouldContain("cannot mark requests");
    }

    private static Task<List<Note>> ReadAsync(IServiceScope scope, CancellationToken cancellationToken) =>
        Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ToListAsync(
            Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AsNoTracking(scope.ServiceProvider.GetRequiredService<NotesContext>().Notes), cancellationToken);

    // The replica's file cannot be read any more, once a row has been made.
    private sealed class FailsOnce : IMaterializationInterceptor
    {
        private int _failed;

        public object InitializedInstance(MaterializationInterceptionData materializationData, object entity) =>
            RouteScope.Current.Reason == RouteReason.Query && Interlocked.Exchange(ref _failed, 1) == 0 ? throw new SqliteException("unable to open database file", 14) : entity;
    }
}
