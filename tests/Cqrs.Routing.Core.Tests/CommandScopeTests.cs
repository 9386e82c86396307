using Cqrs.Routing.Core.Tests.Application;
using Cqrs.Routing.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Core.Tests;

/// <summary><see cref="RouteScope.BeginCommand"/>: a command without a request type.</summary>
public sealed class CommandScopeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_in_a_command_scope_is_seen_by_the_next_query_of_its_service_scope(bool routed)
    {
        await using var application = await NotesApplication.StartAsync(routed);
        await using var scope = application.NewScope();
        application.Lag.Freeze();

        using (RouteScope.BeginCommand())
        {
            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.Command));
            await NotesApplication.SaveAsync(scope, "second");
        }

        RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
        (await application.ListAsync(scope)).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_command_scope_that_writes_past_EF_counts_for_its_session()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<NotesContext>();
        application.Lag.Freeze();

        using (RouteScope.BeginCommand())
        using (RouteScope.ForcePrimary())
        {
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = """INSERT INTO "Notes" ("Text") VALUES ('second')""";
            await command.ExecuteNonQueryAsync();
            await db.Database.CloseConnectionAsync();
        }

        (await application.ListAsync(scope)).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_query_inside_a_command_scope_reads_on_the_primary()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();

        using (RouteScope.BeginCommand())
            await application.ListAsync(scope);

        application.Lag.Commands.AssertCounts(primary: 1, replica: 0);
        application.Routes.AssertRoute<ListNotes>(DatabaseRole.Primary, RouteReason.InsideCommand);
    }

    [Fact]
    public async Task A_command_scope_inside_a_query_is_refused()
    {
        await using var application = await NotesApplication.StartAsync();

        using (RouteScope.BeginQuery())
        {
            var refusal = Should.Throw<CommandInQueryException>(() => RouteScope.BeginCommand());
            refusal.Message.ShouldBe("RouteScope.BeginQuery(CommandScopeTests.A_command_scope_inside_a_query_is_refused) is a query, and RouteScope.BeginCommand(CommandScopeTests.A_command_scope_inside_a_query_is_refused) was called inside it. Dispose the query's scope first, or begin a command instead of the query. [CR202]");
            RouteScope.Current.ShouldBe(new(DatabaseRole.Replica, RouteReason.Query));
        }
    }

    [Fact]
    public async Task Where_queries_may_send_commands_a_query_reads_what_its_command_scope_wrote()
    {
        await using var application = await NotesApplication.StartAsync(routing: static options => options.AllowCommandsInQueries = true);
        await using var scope = application.NewScope();
        application.Lag.Freeze();

        var notes = await application.Root.GetRequiredService<RequestRunner<ListNotes>>().RunOnceAsync(
            new ListNotes(),
            scope.ServiceProvider,
            async cancellation =>
            {
                using (RouteScope.BeginCommand())
                    await NotesApplication.SaveAsync(scope, "second", cancellation);
                return await ActivatorUtilities.CreateInstance<ListNotesHandler>(scope.ServiceProvider).HandleAsync(cancellation);
            },
            CancellationToken.None);

        notes.ShouldBe(["first", "second"]);
        application.Lag.Commands.AssertCounts(primary: 2, replica: 0);
    }

    [Fact]
    public async Task What_is_written_in_ForcePrimary_counts_for_no_session_although_a_query_inside_has_one()
    {
        await using var application = await NotesApplication.StartAsync();
        await using var scope = application.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<NotesContext>();
        application.Lag.Freeze();

        using (RouteScope.ForcePrimary())
        {
            using (RouteScope.BeginQuery())
                (await db.Notes.CountAsync()).ShouldBe(1);
            await NotesApplication.SaveAsync(scope, "second");
        }

        // Outside requests only RoutingSession.Begin() counts.
        scope.ServiceProvider.GetRequiredService<RoutingSession>().Commands.ShouldBe(0);
        (await application.ListAsync(scope)).ShouldBe(["first"]);
    }
}
