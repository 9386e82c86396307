using MediatR;
using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.PackageTests;

/// <summary>The main routing rules, tested on the packed library with each supported MediatR.</summary>
/// <param name="routingFirst">Whether <c>AddRoutingBehavior</c> comes before <c>AddMediatR</c>.</param>
public abstract class PackagedRoutingTests(bool routingFirst) : IAsyncDisposable
{
    private readonly NotesApplication _application = new(routingFirst);

    [Fact]
    public async Task A_query_reads_the_replica() => (await SendAsync(new ListNotes())).ShouldBe(["replica"]);

    [Fact]
    public async Task A_stream_reads_the_replica()
    {
        var notes = await _application.InScopeAsync(async sender =>
            await sender.CreateStream(new StreamNotes(), TestContext.Current.CancellationToken).ToListAsync());

        notes.ShouldBe(["replica"]);
    }

    [Fact]
    public async Task A_command_without_a_result_writes_the_primary()
    {
        await _application.InScopeAsync(async sender =>
        {
            await sender.Send(new AddNote("new"), TestContext.Current.CancellationToken);
            return 0;
        });

        AddedToThePrimaryAlone("new");
    }

    [Fact]
    public async Task A_query_nested_in_a_command_reads_what_the_command_wrote()
    {
        (await SendAsync(new AddNoteAndList("new"))).ShouldBe(["primary", "new"]);

        AddedToThePrimaryAlone("new");
    }

    [Fact]
    public async Task A_query_cannot_write()
    {
        await Should.ThrowAsync<QueryWriteException>(() => SendAsync(new WriteInQuery()));

        NothingAdded();
    }

    [Fact]
    public async Task A_query_cannot_send_a_command()
    {
        await Should.ThrowAsync<CommandInQueryException>(() => SendAsync(new SendCommandInQuery()));

        NothingAdded();
    }

    [Fact]
    public async Task A_query_that_its_replica_fails_among_the_rows_runs_again_in_a_new_handler()
    {
        var query = new ListNotesAmongFailures(1);

        (await SendAsync(query)).ShouldBe(["primary"]);

        query.Handlers.ShouldBe(2);
    }

    [Fact]
    public async Task A_query_that_its_replica_fails_twice_does_not_run_a_third_time()
    {
        var query = new ListNotesAmongFailures(2);

        await Should.ThrowAsync<SqliteException>(() => SendAsync(query));

        query.Handlers.ShouldBe(2);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _application.DisposeAsync();
    }

    private Task<T> SendAsync<T>(IRequest<T> request) =>
        _application.InScopeAsync(sender => sender.Send(request, TestContext.Current.CancellationToken));

    private void NothingAdded() => AddedToThePrimaryAlone();

    private void AddedToThePrimaryAlone(params string[] notes)
    {
        _application.In("primary").ShouldBe(["primary", .. notes]);
        _application.In("replica").ShouldBe(["replica"]);
    }
}
