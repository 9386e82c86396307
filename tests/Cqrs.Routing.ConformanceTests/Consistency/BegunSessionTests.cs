using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A session that code begins by hand inside a request keeps the rules of that request.</summary>
public sealed class BegunSessionTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task A_query_that_begins_a_session_still_reads_from_the_replica_and_cannot_write()
    {
        await using var app = StartWithPositions();

        await app.SendAsync(new Read(async handling =>
        {
            using var session = SessionOf(handling).Begin();
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
            await Should.ThrowAsync<QueryWriteException>(() => RenameAsync(handling.Db, "written"));
            await Should.ThrowAsync<CommandInQueryException>(() => handling.Sender.Send(Rename("written")));
        }));

        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    public async Task A_query_inside_a_command_still_reads_from_the_primary_in_a_begun_session()
    {
        await using var app = StartWithPositions();

        await app.SendAsync(new Write(async handling =>
        {
            using var session = SessionOf(handling).Begin();
            (await handling.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            RouteScope.Current.Reason.ShouldBe(RouteReason.Command);
        }));
    }

    [Fact]
    public async Task A_write_in_the_session_of_another_scope_counts_for_that_session_and_for_the_requests_own()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await using var other = scope.Services.CreateAsyncScope();
            var session = other.ServiceProvider.GetRequiredService<RoutingSession>();
            await scope.Sender.Send(new Write(async handling =>
            {
                using (session.Begin())
                    await RenameAsync(handling.Db, "written");
            }));

            (await session.GetTokenAsync()).ShouldNotBeNull();
            (await TokenOf(scope)).ShouldNotBeNull();
        });
    }

    [Fact]
    public async Task Background_work_in_a_begun_session_uses_the_primary_after_its_request_has_ended()
    {
        await using var app = StartWithPositions();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var background = Task.FromResult<RouteDecision>(default);

        await app.SendAsync(new Read(handling =>
        {
            var session = SessionOf(handling);
            background = Task.Run(async () =>
            {
                using var begun = session.Begin();
                await ended.Task;
                return RouteScope.Current;
            });
            return Task.CompletedTask;
        }));
        ended.SetResult();

        (await background).Reason.ShouldBe(RouteReason.NoRequest);
    }
}
