using Dapper;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Group L: the writes and commands that a session remembers.</summary>
public sealed class WritesThatCountTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    public static TheoryData<string> Writing => [.. WaysToWrite.All.Where(write => write.Value.Writes).Select(write => write.Key)];

    public static TheoryData<string> Harmless => [.. WaysToWrite.All.Where(write => !write.Value.Writes).Select(write => write.Key)];

    [Theory]
    [MemberData(nameof(Writing))]
    public async Task A_write_of_every_kind_counts_for_its_session(string how)
    {
        await CreateFunctionAsync();
        await using var app = StartWithPositions();

        var token = await AfterAsync(app, new Write(WaysToWrite.All[how].Run));

        token.ShouldNotBeNull();
        Positions.Reads.ShouldBe((1, 0));
        (await ReadAsync(app, token)).ShouldBe("written");
    }

    [Theory]
    [MemberData(nameof(Writing))]
    public async Task A_write_of_every_kind_counts_for_its_session_with_a_retrying_strategy(string how)
    {
        await CreateFunctionAsync();
        await using var app = StartWithPositions(configure: options => options.Retry = true);

        var token = await AfterAsync(app, new Write(async handling =>
            await handling.Db.Database.CreateExecutionStrategy().ExecuteAsync(() => WaysToWrite.All[how].Run(handling))));

        (await ReadAsync(app, token)).ShouldBe("written");
    }

    [Theory]
    [Trait("Case", "C230")]
    [MemberData(nameof(Harmless))]
    public async Task A_command_counts_for_its_session_whatever_it_did(string how)
    {
        await CreateFunctionAsync();
        await using var app = StartWithPositions();

        (await AfterAsync(app, new Write(WaysToWrite.All[how].Run))).ShouldNotBeNull();

        // Who has not talked to a primary knows none to ask: then the next query does.
        Positions.Reads.ShouldBe((how == "saving nothing" ? 0 : 1, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_that_fails_counts_as_it_may_have_committed(bool committed)
    {
        await using var app = StartWithPositions();

        var token = await AfterAsync(app, new Write(async handling =>
        {
            if (committed)
                await RenameAsync(handling.Db, "written");
            throw new InvalidOperationException("on purpose");
        }));

        (await ReadAsync(app, token)).ShouldBe(committed ? "written" : DatabasePair.Current);
    }

    [Fact]
    public async Task A_unit_of_work_around_the_command_counts_when_it_commits()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await using (var transaction = await scope.Db.Database.BeginTransactionAsync())
            {
                await scope.Sender.Send(Rename("written"));
                // A token that is made too early has the primary asked before the commit; afterwards it is asked again.
                (await TokenOf(scope)).ShouldNotBeNull();
                await transaction.CommitAsync();
            }

            (await TokenOf(scope)).ShouldNotBeNull();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    [Fact]
    public async Task A_write_outside_any_request_counts_inside_a_session_that_was_begun()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await RenameAsync(scope.Db, "unseen");
            (await TokenOf(scope)).ShouldBeNull();
            using (SessionOf(scope).Begin())
                await RenameAsync(scope.Db, "written");
            (await TokenOf(scope)).ShouldNotBeNull();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    [Fact]
    [Trait("Case", "C249")]
    public async Task An_unmarked_request_that_writes_counts()
    {
        await using var app = StartWithPositions();

        var token = await AfterAsync(app, new Neither(async handling => await RenameAsync(handling.Db, "written")));

        (await ReadAsync(app, token)).ShouldBe("written");
    }

    [Fact]
    public async Task A_bare_connection_that_was_taken_before_the_command_counts_when_the_command_opens_it()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            var connection = scope.Db.Database.GetDbConnection();
            await scope.Sender.Send(new Write(async _ => await connection.ExecuteAsync(WaysToWrite.Update)));

            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    [Fact]
    public async Task A_bare_connection_that_was_taken_before_the_command_counts_when_EF_opens_it()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            var connection = scope.Db.Database.GetDbConnection();
            await scope.Sender.Send(new Write(async handling =>
            {
                await handling.Db.Database.OpenConnectionAsync();
                await connection.ExecuteAsync(WaysToWrite.Update);
                await handling.Db.Database.CloseConnectionAsync();
            }));

            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    private async Task CreateFunctionAsync()
    {
        await using var db = Pair.Direct(Server.Primary);
        await db.Database.ExecuteSqlRawAsync(WaysToWrite.Function);
    }

    private static async Task<string?> AfterAsync(RoutedApp app, MediatR.IRequest<object?> request)
    {
        string? token = null;
        await app.InScopeAsync(async scope =>
        {
            try
            {
                await scope.Sender.Send(request);
            }
            catch (InvalidOperationException e) when (e.Message == "on purpose")
            {
            }

            token = await TokenOf(scope);
        });
        return token;
    }
}
