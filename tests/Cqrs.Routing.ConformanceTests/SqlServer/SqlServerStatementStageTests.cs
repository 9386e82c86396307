using Cqrs.Routing.TestServers.Tds;
using Microsoft.Data.SqlClient;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: fallback at the stage <c>Statement</c>, where one statement failed before its first row.</summary>
public sealed class SqlServerStatementStageTests : SqlServerTest
{
    public static TheoryData<string, bool> ReplicaFailures => new(
        from failure in new[] { "closed", "3961", "1219", "3947", "fatal 3947", "fatal 21", "fatal 596", "fatal 823" }
        from retry in new[] { false, true }
        select (failure, retry));

    [Theory]
    [MemberData(nameof(ReplicaFailures))]
    [Trait("Case", "C242")]
    public async Task A_statement_that_the_replica_fails_runs_again_and_its_handler_does_not(string failure, bool retry)
    {
        var handled = 0;
        await using var app = Start(configure: options => options.Retry = retry);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        Replica.AnswerOnce(ReplyOf(failure));

        var name = await app.SendAsync(new Read(async handling =>
        {
            handled++;
            return await NameAsync(handling.Db);
        }));

        name.ShouldBe(DatabasePair.Current);
        handled.ShouldBe(1);
        Pair.Counts.ShouldBe((1, 2));
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("3961")]
    public async Task A_synchronous_statement_that_the_replica_fails_runs_again_on_the_primary(string failure)
    {
        await using var app = Start();
        await app.SendAsync(ReadName);
        Replica.AnswerOnce(ReplyOf(failure));

        (await app.SendAsync(new Read(handling => Task.FromResult<object?>(handling.Db.Orders.AsNoTracking().Single().Name)))).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    public async Task A_connection_that_broke_in_the_pool_is_not_used()
    {
        await using var app = Start();
        await app.SendAsync(ReadName);
        Replica.Disconnect();

        // The pool may notice in time, and connect again; else the primary answers.
        (await app.SendAsync(ReadName)).ShouldBeOneOf(DatabasePair.Replicated, DatabasePair.Current);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Theory]
    [InlineData(102)]
    [InlineData(208)]
    [InlineData(229)]
    [InlineData(2627)]
    [InlineData(8134)]
    public async Task A_statement_that_is_wrong_runs_once_and_blames_nobody(int number)
    {
        await using var app = Start(replica => replica.BreakDuration = TimeSpan.FromMinutes(1));

        for (var attempt = 0; attempt < 5; attempt++)
        {
            Replica.AnswerOnce(TdsReply.Error(number));
            (await Should.ThrowAsync<SqlException>(() => app.SendAsync(ReadName))).Number.ShouldBe(number);
        }

        Pair.Counts.ShouldBe((0, 5));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_statement_that_is_too_slow_does_not_run_again(bool retry)
    {
        await using var app = Start(configure: options => options.Retry = retry);
        Replica.AnswerOnce(TdsReply.Stall);

        await Should.ThrowAsync<Exception>(() => app.SendAsync(new Read(async handling =>
        {
            handling.Db.Database.SetCommandTimeout(1);
            await NameAsync(handling.Db);
        })));

        Primary.Requests.ShouldBeEmpty();
        // And the server was told that nobody waits for the answer any more.
        Replica.Requests.Take(2).Select(request => request.Kind).ShouldBe([TdsRequestKind.Batch, TdsRequestKind.Attention]);
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("fatal 596")]
    [InlineData("3961")]
    public async Task A_command_runs_once_whatever_the_primary_answers(string failure)
    {
        var handled = 0;
        await using var app = Start();
        await app.SendAsync(Rename);
        Primary.ClearLog();
        Primary.AnswerOnce(ReplyOf(failure));

        await Should.ThrowAsync<Exception>(() => app.SendAsync(new Write(async handling =>
        {
            handled++;
            await RenameAsync(handling.Db);
        })));

        handled.ShouldBe(1);
        Pair.Counts.ShouldBe((1, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_statement_that_fails_on_both_servers_is_left_to_the_providers_retries(bool retry)
    {
        await using var app = Start(configure: options => options.Retry = retry);
        Replica.AnswerOnce(ReplyOf("3961"));
        // A deadlock, which EF's strategy tries again and nothing else does.
        Primary.AnswerOnce(TdsReply.Error(1205, 13));

        if (retry)
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        else
            await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(ReadName));

        Pair.Counts.ShouldBe((retry ? 2 : 1, 1));
    }

    [Fact]
    public async Task A_statement_runs_again_after_an_error_that_the_application_classifies_as_transient()
    {
        await using var app = Start(replica => replica.ClassifyError = error => error is SqlException { Number: 208 } ? ReplicaErrorKind.Transient : null);
        Replica.AnswerOnce(TdsReply.Error(208));

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
    }

    private static TdsReply ReplyOf(string failure) => failure.Split(' ') switch
    {
        ["closed"] => TdsReply.Close,
        ["fatal", var number] => TdsReply.Error(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), 21),
        [var number] => TdsReply.Error(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException(failure),
    };
}
