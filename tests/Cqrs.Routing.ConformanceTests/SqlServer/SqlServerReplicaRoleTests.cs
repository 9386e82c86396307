using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.Health;
using Cqrs.Routing.Providers;
using Cqrs.Routing.TestServers.Tds;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: the role that the server behind the replica string reports, and the route of its queries.</summary>
public sealed class SqlServerReplicaRoleTests : AvailabilityGroupTest
{
    private const string Other = "7C9E6679-7425-40DE-944B-E07FC1F90AE7";

    [Theory]
    [InlineData(AvailabilityReplica.Shop, "READ_ONLY", AvailabilityReplica.Shop, nameof(ReplicaRole.Replica))]
    // A login that may not see the row, and a snapshot.
    [InlineData(null, "READ_ONLY", null, nameof(ReplicaRole.Replica))]
    // A listener without read-only routing, and a primary that stands for its replica.
    [InlineData(AvailabilityReplica.Shop, "READ_WRITE", AvailabilityReplica.Shop, nameof(ReplicaRole.Primary))]
    [InlineData(AvailabilityReplica.Shop, "READ_WRITE", null, nameof(ReplicaRole.Unknown))]
    [InlineData(null, null, null, nameof(ReplicaRole.Unknown))]
    public async Task A_server_that_may_be_the_replica_serves(string? family, string? updateability, string? fork, string role)
    {
        OnReplica.Identity = (family, updateability, fork);
        await using var app = StartLogged();

        (await MeasureAsync(app)).Role.ToString().ShouldBe(role);

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        Lines.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(AvailabilityReplica.Shop, "READ_WRITE", Other, nameof(ReplicaRole.Promoted), "it was promoted and takes writes of its own")]
    [InlineData(Other, "READ_WRITE", AvailabilityReplica.Shop, nameof(ReplicaRole.OtherDatabase), "it holds another database")]
    [InlineData(Other, "READ_ONLY", AvailabilityReplica.Shop, nameof(ReplicaRole.OtherDatabase), "it holds another database")]
    public async Task A_server_that_is_none_of_the_primarys_replicas_is_left_alone_and_logged_once(
        string family, string updateability, string fork, string role, string finding)
    {
        OnReplica.Identity = (family, updateability, fork);
        await using var app = StartLogged();

        (await MeasureAsync(app)).Role.ToString().ShouldBe(role);
        (await MeasureAsync(app)).Refusal.ShouldBe(RouteReason.NotAReplica);

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.NotAReplica));
        Work.ShouldBe((1, 0));
        Lines.All.Where(line => line.Contains("is not a replica of its primary", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain(finding);
    }

    [Theory]
    [InlineData(229)]
    [InlineData(297)]
    [InlineData(300)]
    public async Task A_server_that_may_not_be_asked_for_its_identity_serves(int number)
    {
        OnReplica.Self = TdsReply.Error(number, 14);
        await using var app = Start();

        var status = await MeasureAsync(app);

        (status.Role, status.Refusal, status.Error).ShouldBe((ReplicaRole.Unknown, null, null));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_server_that_may_not_be_asked_for_its_identity_is_logged_once()
    {
        OnReplica.Self = TdsReply.Error(297, message: "The user does not have permission to perform this action.");
        await using var app = RoutedApp.Start(Pair, options =>
        {
            options.AddContexts = (services, _) => services.AddDbContext<ShopContext, Shop<SqlServerReplicaRoleTests>>(context => Pair.Use(context, Pair.Primary).UseReplica(Pair.Replica, Unwatched(null)));
            options.ConfigureServicesLater = Lines.AddTo;
        });

        await MeasureAsync(app);
        await MeasureAsync(app);

        Lines.All.ShouldHaveSingleItem().ShouldContain("It cannot be determined whether the replica of Shop<SqlServerReplicaRoleTests>");
        Lines.All[0].ShouldContain("The user does not have permission to perform this action.");
    }

    [Fact]
    public async Task A_replica_of_another_database_is_told_by_its_position_where_it_does_not_say_what_it_is()
    {
        (OnReplica.Self, OnReplica.Database) = (TdsReply.Error(297), Other);
        await using var app = Start();

        (await MeasureAsync(app)).Refusal.ShouldBe(RouteReason.NotAReplica);
    }

    [Fact]
    public async Task Lag_is_measured_in_time_by_the_positions_of_both()
    {
        var limit = TimeSpan.FromSeconds(1);
        await using var app = Start(replica => (replica.MaxLag, replica.MonitorInterval) = (limit, TimeSpan.FromHours(1)));
        var before = await MeasureAsync(app);
        (before.Refusal, before.Problem, before.PrimaryError).ShouldBe((null, null, null));
        before.LagTime.ShouldNotBeNull("what the primary has was read");
        OnPrimary.LastCommit++;

        await Task.Delay(limit, TestContext.Current.CancellationToken);
        var status = await MeasureAsync(app);

        (status.Role, status.Refusal, status.LagBytes).ShouldBe((ReplicaRole.Replica, RouteReason.ReplicaLagging, null), $"{status}");
        status.LagTime.ShouldNotBeNull().ShouldBeGreaterThan(limit);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Azure_has_no_view_of_families_and_forks_and_is_not_asked_for_it(bool positions)
    {
        OnReplica.Identity = (null, "READ_ONLY", null);
        await using var app = RoutedApp.Start(Pair, options => options.AddContexts = (services, _) => services.AddDbContext<ShopContext>(context => context
            .UseAzureSql(Pair.Primary)
            .UseReplica(Pair.Replica, Unwatched(positions ? null : replica => replica.PositionSource = PositionSources.None))));

        (await MeasureAsync(app)).Role.ShouldBe(ReplicaRole.Replica);

        Asked.ShouldBe(positions ? (1, 1) : (0, 0));
        Replica.Statements.Concat(Primary.Statements).ShouldNotContain(text => text.Contains("database_recovery_status", StringComparison.Ordinal));
    }

    private static async Task<ReplicaStatus> MeasureAsync(RoutedApp app)
    {
        ReplicaStatus? status = null;
        await app.InScopeAsync(async scope =>
        {
            var connection = RoutedConnection.Find(scope.Db)!;
            connection.Replica.TryPrepare().ShouldBeTrue();
            await connection.MeasureAsync(TestContext.Current.CancellationToken);
            status = connection.Replica.Health.Status;
        });
        return status!;
    }
}
