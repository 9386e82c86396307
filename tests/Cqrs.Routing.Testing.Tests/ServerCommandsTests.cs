using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Testing.Tests;

/// <summary>The command log of the testing kit counts only commands that reached a server.</summary>
public sealed class ServerCommandsTests
{
    [Fact]
    public async Task A_command_that_another_interceptor_answered_does_not_count()
    {
        var commands = new ServerCommands(static _ => DatabaseRole.Primary);
        await using var app = await NotesApp.StartAsync(options => options.AddInterceptors(new Redirect(answersDeletes: true), commands));
        commands.Clear();

        (await app.InScopeAsync(static scope => scope.GetRequiredService<NotesContext>().Notes.ExecuteDeleteAsync())).ShouldBe(7);

        commands.AssertCounts(primary: 0, replica: 0);
        await app.SendAsync(new ListNotes());
        commands.AssertCounts(primary: 1, replica: 0);
    }

    [Fact]
    public async Task A_command_that_was_refused_after_an_interceptor_had_rewritten_it_does_not_count()
    {
        await using var app = await NotesApp.StartAsync(static options => options.AddInterceptors(new Redirect("DELETE FROM Notes")));

        await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new ListNotes()));

        app.Lag.Commands.AssertCounts(primary: 0, replica: 0);
    }

    [Fact]
    public async Task A_command_that_the_server_refused_counts()
    {
        await using var app = await NotesApp.StartAsync(static options => options.AddInterceptors(new Redirect("SELECT nothing FROM nowhere")));

        await Should.ThrowAsync<SqliteException>(() => app.SendAsync(new ListNotes()));

        app.Lag.Commands.AssertCounts(primary: 0, replica: 1);
    }
}
