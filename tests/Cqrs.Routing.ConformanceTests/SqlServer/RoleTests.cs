using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.Health;
using Cqrs.Routing.Providers;
using Cqrs.Routing.TestServers.Tds;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>What the server that should be a replica says that it is, and what becomes of its queries.</summary>
public sealed class RoleTests : AvailabilityGroupTest
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
    public async Task A_server_that_is_none_of_the_primarys_replicas_is_left_alone_which_is_said_once(
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
    public async Task A_server_that_lets_nobody_ask_serves_all_the_same(int number)
    {
        OnReplica.Self = TdsReply.Error(number, 14);
        await using var app = Start();

        var survey = await MeasureAsync(app);

        (survey.Role, survey.Refusal, survey.Error).ShouldBe((ReplicaRole.Unknown, null, null));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task Which_is_said_once()
    {
        OnReplica.Self = TdsReply.Error(297, message: "The user does not have permission to perform this action.");
        await using var app = RoutedApp.Start(Pair, options =>
        {
            options.AddContexts = (services, _) => services.AddDbContext<ShopContext, Shop<RoleTests>>(context => Pair.Use(context, Pair.Primary).UseReplica(Pair.Replica, Unwatched(null)));
            options.ConfigureServicesLater = Lines.AddTo;
        });

        await MeasureAsync(app);
        await MeasureAsync(app);

        Lines.All.ShouldHaveSingleItem().ShouldContain("It cannot be determined whether the replica of Shop<RoleTests>");
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
        var survey = await MeasureAsync(app);

        (survey.Role, survey.Refusal, survey.LagBytes).ShouldBe((ReplicaRole.Replica, RouteReason.ReplicaLagging, null), $"{survey}");
        survey.LagTime.ShouldNotBeNull().ShouldBeGreaterThan(limit);
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
        ReplicaStatus? survey = null;
        await app.InScopeAsync(async scope =>
        {
            var connection = RoutedConnection.Find(scope.Db)!;
            connection.Replica.TryPrepare().ShouldBeTrue();
            await connection.MeasureAsync(TestContext.Current.CancellationToken);
            survey = connection.Replica.Health.Status;
        });
        return survey!;
    }
}
