using Cqrs.Routing.TestServers.Tds;
using Microsoft.Data.SqlClient;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: fallback at the stage <c>Connection</c>, before any statement was sent.</summary>
public sealed class SqlServerConnectionStageTests : SqlServerTest
{
    // SqlClient repeats what the network refuses until its time is up: the shortest there is.
    private string Impatient => new SqlConnectionStringBuilder(Pair.Replica) { ConnectTimeout = 1 }.ConnectionString;

    [Theory]
    [MemberData(nameof(Registrations))]
    [Trait("Case", "C240")]
    public async Task A_query_whose_replica_refuses_runs_on_the_primary(ContextLifetime lifetime, bool retry)
    {
        await using var app = StartOn(Impatient, configure: options => (options.Lifetime, options.Retry) = (lifetime, retry));
        Replica.Shut();

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);

        Pair.Counts.ShouldBe((1, 0));
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
    }

    [Theory]
    [InlineData(18456, true)]
    [InlineData(18456, false)]
    [InlineData(4060, true)]
    [InlineData(4060, false)]
    [InlineData(40613, true)]
    [InlineData(40613, false)]
    [InlineData(10928, true)]
    [InlineData(10928, false)]
    [Trait("Case", "C240")]
    public async Task A_refused_login_is_the_replicas_failure_and_is_not_tried_twice(int number, bool async)
    {
        await using var app = Start();
        Replica.LoginScript = _ => TdsReply.Error(number, 14);

        var name = await app.SendAsync(new Read(async handling => async ? await NameAsync(handling.Db) : handling.Db.Orders.AsNoTracking().Single().Name));

        name.ShouldBe(DatabasePair.Current);
        Replica.Logins.Count.ShouldBe(1);
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
    }

    [Fact]
    public async Task A_listener_whose_secondary_is_away_costs_the_commands_nothing()
    {
        await using var app = StartOnListener();
        Replica.LoginScript = _ => TdsReply.Error(976, 14);

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        await app.SendAsync(Rename);

        Pair.Counts.ShouldBe((2, 0));
        Primary.Requests.ShouldAllBe(request => !request.Login.ReadOnlyIntent);
    }

    [Fact]
    public async Task A_server_that_says_nothing_costs_one_query_its_timeout()
    {
        await using var app = StartOn(Impatient, replica => replica.BreakDuration = TimeSpan.FromMinutes(1));
        Replica.LoginScript = _ => TdsReply.Stall;

        for (var query = 0; query < 10; query++)
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);

        Replica.Logins.Count.ShouldBe(1);
        Pair.Counts.ShouldBe((10, 0));
    }

    [Fact]
    public async Task A_server_that_closes_every_login_is_tried_by_one_query_and_not_by_later_ones()
    {
        await using var app = StartOn(Impatient, replica => replica.BreakDuration = TimeSpan.FromMinutes(1));
        Replica.LoginScript = _ => TdsReply.Close;

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        var attempts = Replica.Logins.Count;
        for (var query = 0; query < 10; query++)
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);

        Replica.Logins.Count.ShouldBe(attempts);
    }

    [Fact]
    public async Task An_exhausted_pool_does_not_count_as_a_failure_of_the_replica()
    {
        var one = new SqlConnectionStringBuilder(Impatient) { MaxPoolSize = 1 }.ConnectionString;
        await using var app = StartOn(one, replica => replica.BreakDuration = TimeSpan.FromMinutes(1));

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        }));

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_replica_that_is_back_is_asked_again()
    {
        await using var app = StartOn(Impatient, replica => replica.BreakDuration = TimeSpan.FromMilliseconds(50));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        Replica.Shut();
        for (var query = 0; query < 3; query++)
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        Replica.Reopen();

        // Its return is found out beside the queries.
        while (!DatabasePair.Replicated.Equals(await app.SendAsync(ReadName)))
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
