using System.Data;
using Cqrs.Routing.TestServers.Tds;
using Microsoft.Data.SqlClient;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: the login and the server of each statement.</summary>
public sealed class SqlServerRoutingTests : SqlServerTest
{
    [Theory]
    [MemberData(nameof(Registrations))]
    [Trait("Case", "C081")]
    public async Task Queries_log_in_with_read_only_intent_and_follow_the_listener_to_the_secondary(ContextLifetime lifetime, bool retry)
    {
        await using var app = StartOnListener(configure: options => (options.Lifetime, options.Retry) = (lifetime, retry));

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        await app.SendAsync(Rename);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);

        Pair.Counts.ShouldBe((1, 2));
        Primary.Requests.ShouldAllBe(request => !request.Login.ReadOnlyIntent);
        Replica.Requests.ShouldAllBe(request => request.Login.ReadOnlyIntent);
        Primary.Statements.Single().ShouldStartWith("UPDATE");
    }

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task Queries_with_a_replica_string_of_their_own_log_in_with_its_read_only_intent(ContextLifetime lifetime, bool retry)
    {
        Primary.ReadOnlyRouting = Replica;
        var intent = new SqlConnectionStringBuilder(Pair.Primary) { ApplicationIntent = ApplicationIntent.ReadOnly }.ConnectionString;
        await using var app = RoutedApp.Start(Pair, options =>
        {
            (options.Lifetime, options.Retry) = (lifetime, retry);
            options.ConfigureContext = (context, _) => context.UseReplica(intent, Unwatched(null));
        });

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        await app.SendAsync(Rename);

        Pair.Counts.ShouldBe((1, 1));
        Primary.Logins.Select(login => login.ReadOnlyIntent).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Without_read_only_intent_queries_log_in_at_the_replicas_own_address()
    {
        await using var app = Start();

        await app.SendAsync(ReadName);
        await app.SendAsync(Rename);

        Pair.Counts.ShouldBe((1, 1));
        Replica.Logins.Single().ReadOnlyIntent.ShouldBeFalse();
        (Replica.Logins.Single().User, Replica.Logins.Single().Database).ShouldBe(("app", TdsPair.Database));
    }

    [Fact]
    [Trait("Case", "C209")]
    public async Task Each_server_has_a_pool_of_its_own_and_both_are_reused()
    {
        await using var app = StartOnListener();

        for (var round = 0; round < 3; round++)
        {
            await app.SendAsync(ReadName);
            await app.SendAsync(Rename);
        }

        Primary.Requests.Where(request => request.IsStatement).Select(request => request.Connection).Distinct().Count().ShouldBe(1);
        Replica.Requests.Select(request => request.Connection).Distinct().Count().ShouldBe(1);
        // What comes from a pool begins anew.
        Primary.Requests.Select(request => request.Resets).ShouldBe([false, true, true]);
        Replica.Requests.Select(request => request.Resets).ShouldBe([false, true, true]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commands_transaction_is_the_primarys_and_a_query_inside_it_runs_in_it(bool retry)
    {
        await using var app = StartOnListener(configure: options => options.Retry = retry);

        await app.SendAsync(new Write(handling => handling.Db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead);
            await RenameAsync(handling.Db);
            (await handling.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            await transaction.CommitAsync();
        })));

        Replica.Logins.ShouldBeEmpty();
        Primary.Requests.Select(request => request.Kind).ShouldBe([TdsRequestKind.Begin, TdsRequestKind.Rpc, TdsRequestKind.Batch, TdsRequestKind.Commit], ignoreOrder: false);
        Primary.Requests.Select(request => request.InTransaction).ShouldBe([false, true, true, true]);
        Primary.Requests.Select(request => request.Connection).Distinct().Count().ShouldBe(1);
        Primary.Requests[0].Text.ShouldBe("REPEATABLE READ");
    }

    [Fact]
    public async Task A_query_inside_a_command_without_a_transaction_uses_the_primarys_login()
    {
        await using var app = StartOnListener();

        await app.SendAsync(new Write(async handling => (await handling.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current)));

        Pair.Counts.ShouldBe((1, 0));
        Primary.Logins.ShouldAllBe(login => !login.ReadOnlyIntent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_querys_own_transaction_is_the_replicas(bool retry)
    {
        await using var app = Start(configure: options => options.Retry = retry);

        await app.SendAsync(new Read(handling => handling.Db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Replicated);
            await transaction.CommitAsync();
        })));

        Primary.Logins.ShouldBeEmpty();
        Replica.Requests.Select(request => request.Kind).ShouldBe([TdsRequestKind.Begin, TdsRequestKind.Batch, TdsRequestKind.Commit]);
    }

    [Fact]
    public async Task Saved_changes_go_to_the_primary_in_one_batch_with_their_parameters()
    {
        await using var app = StartOnListener();
        Primary.AnswerOnce(request => request.Text.Contains("INSERT", StringComparison.Ordinal), TdsReply.Done(affected: 1));

        await app.SendAsync(new Write(async handling =>
        {
            handling.Db.Add(new Tag { Id = 7, Label = "new" });
            await handling.Db.SaveChangesAsync();
        }));

        var saved = Primary.Requests.Single(request => request.IsStatement);
        saved.Text.ShouldStartWith("SET IMPLICIT_TRANSACTIONS OFF;");
        saved.Parameters.Values.ShouldBe([7, "new"], ignoreOrder: true);
        Replica.Logins.ShouldBeEmpty();
    }
}
