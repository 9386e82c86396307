using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.TestServers.Tds;
using Microsoft.Data.SqlClient;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: error 3906 of a read-only database, from a replica and from a primary.</summary>
public sealed class SqlServerReadOnlyErrorTests : SqlServerTest
{
    private static readonly TdsReply ReadOnly = TdsReply.Error(3906, 16, 2, "Failed to update database \"shop\" because the database is read-only.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Case", "C069")]
    [Trait("Case", "C076")]
    public async Task A_write_that_only_the_server_recognises_is_reported_as_a_refused_write(bool async)
    {
        await using var app = Start();
        Replica.AnswerOnce(ReadOnly);

        await app.SendAsync(new Read(async handling =>
        {
            var refusal = await Should.ThrowAsync<QueryWriteException>(async () => _ = async ? await NameAsync(handling.Db) : handling.Db.Orders.AsNoTracking().Single().Name);
            refusal.InnerException.ShouldBeOfType<SqlException>().Number.ShouldBe(3906);
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Replicated);
        }));

        Pair.Counts.ShouldBe((0, 2));
    }

    // EF tells an interceptor of a command that fails, and of no reader.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_only_error_after_the_columns_reaches_the_caller_as_it_is_and_nothing_runs_again(bool async)
    {
        await using var app = Start();
        Replica.AnswerOnce(TdsReply.Rows([new("Name", TdsType.NVarChar)], []).Then(ReadOnly));

        var error = await Should.ThrowAsync<SqlException>(() => app.SendAsync(new Read(async handling => async ? await NameAsync(handling.Db) : handling.Db.Orders.AsNoTracking().Single().Name)));

        error.Number.ShouldBe(3906);
        Pair.Counts.ShouldBe((0, 1));
    }

    [Theory]
    [InlineData(229)]
    [InlineData(547)]
    [InlineData(3908)]
    public async Task Errors_of_the_replica_that_do_not_say_read_only_reach_the_caller_as_they_are(int number)
    {
        await using var app = Start();
        Replica.AnswerOnce(TdsReply.Error(number, 14));

        (await Should.ThrowAsync<SqlException>(() => app.SendAsync(ReadName))).Number.ShouldBe(number);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Case", "C248")]
    public async Task A_primary_that_takes_no_writes_is_named_in_the_log_and_its_error_reaches_the_caller_as_it_is(bool retry)
    {
        var log = new LogLines();
        await using var app = StartOnOldPrimary(log, retry);

        var error = await Should.ThrowAsync<DbUpdateException>(() => app.SendAsync(new Write(async handling =>
        {
            handling.Db.Add(new Tag { Id = 7, Label = "new" });
            await handling.Db.SaveChangesAsync();
        })));

        error.InnerException.ShouldBeOfType<SqlException>().Number.ShouldBe(3906);
        Pair.Counts.ShouldBe((1, 0));
        log.All.Where(line => line.Contains("takes no writes (SqlException 3906)", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_primary_that_refuses_ExecuteUpdate_is_named_in_the_log()
    {
        var log = new LogLines();
        await using var app = StartOnOldPrimary(log);

        (await Should.ThrowAsync<SqlException>(() => app.SendAsync(Rename))).Number.ShouldBe(3906);

        log.All.Where(line => line.Contains("takes no writes", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    private RoutedApp StartOnOldPrimary(LogLines log, bool retry = false)
    {
        Primary.Script = request => request.IsStatement ? ReadOnly : null;
        return Start(configure: options =>
        {
            options.Retry = retry;
            options.ConfigureServicesLater = log.AddTo;
        });
    }
}
