using System.Globalization;
using Cqrs.Routing.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Health;

/// <summary>The health check of a replica agrees with the decisions of the router.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ReplicaHealthCheckTests(PairFixture<PostgresPairDatabase> fixture) : HealthTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private const string Name = "ShopContext replica";

    [Theory]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.Factory)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_replica_that_has_everything_is_healthy_however_its_context_is_registered(ContextLifetime lifetime)
    {
        await ReplayAsync();
        await using var app = StartChecked(options => options.Lifetime = lifetime);

        var entry = await CheckAsync(app);

        entry.Status.ShouldBe(HealthStatus.Healthy);
        entry.Data["role"].ShouldBe("Replica");
        entry.Data["circuit"].ShouldBe("closed");
        entry.Data["lagBytes"].ShouldBe(0L);
        entry.Data["lagSeconds"].ShouldBeOfType<double>();
        entry.Data.ContainsKey("refusal").ShouldBeFalse();
        entry.Description.ShouldNotBeNull().ShouldMatch(@"^The replica serves: [\d.]+ s, 0 bytes behind\.$");
        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_context_that_configures_itself_or_comes_from_a_factory_alone_is_checked()
    {
        await ReplayAsync();
        await using var app = Start(options =>
        {
            options.ConfigureServices = services =>
            {
                services.AddScoped(_ => new SelfConfigured(Pair.Primary, Pair.Replica));
                services.AddPooledDbContextFactory<FactoryOnly>(context => context.UseNpgsql(Pair.Primary).UseReplica(Pair.Replica));
                services.AddHealthChecks().AddReplicaCheck<SelfConfigured>("self").AddReplicaCheck<FactoryOnly>("factory");
            };
        });

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        report.Entries.Values.ShouldAllBe(entry => entry.Status == HealthStatus.Healthy && (string)entry.Data["role"] == "Replica");
    }

    [Fact]
    public async Task A_replica_that_lags_beyond_its_limit_is_degraded_and_queries_read_the_primary()
    {
        await using var app = StartChecked(replica: replica =>
        {
            replica.MaxLagBytes = 50;
            // Nothing but the check measures.
            replica.MonitorInterval = TimeSpan.FromHours(1);
        });
        await ReplayAsync();
        (await CheckAsync(app)).Status.ShouldBe(HealthStatus.Healthy);
        await ReadUntilMeasuredAsync(app, 0);
        await Pair.ReplicateAsync();
        await using (var db = Pair.Direct(Server.Primary))
            await db.Database.ExecuteSqlAsync($"SELECT pg_logical_emit_message(true, 'lag', repeat('x', 1000))");
        (await ReasonAsync(app)).ShouldBe(RouteReason.Query);

        var entry = await CheckAsync(app);

        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Data["refusal"].ShouldBe(nameof(RouteReason.ReplicaLagging));
        Convert.ToInt64(entry.Data["lagBytes"], CultureInfo.InvariantCulture).ShouldBeGreaterThan(1000);
        entry.Description.ShouldNotBeNull().ShouldStartWith("The replica lags beyond its limits: ");
        (await ReasonAsync(app)).ShouldBe(RouteReason.ReplicaLagging);
    }

    [Fact]
    public async Task A_replica_that_does_not_answer_has_the_failure_status_of_the_application()
    {
        await using var app = StartChecked(
            options => options.ConfigureContext = (context, pair) => context.UseReplica(new NpgsqlConnectionStringBuilder(pair.Replica) { Port = 1 }.ConnectionString),
            failureStatus: HealthStatus.Unhealthy);

        var entry = await CheckAsync(app);

        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Exception.ShouldBeOfType<NpgsqlException>();
        entry.Description.ShouldNotBeNull().ShouldStartWith("The replica does not answer (NpgsqlException");
    }

    [Fact]
    public async Task A_context_without_a_replica_is_healthy_unless_a_replica_is_required()
    {
        await using var none = StartChecked(options => options.ConfigureContext = (context, _) => context.UseReplica((string?)null));
        (await CheckAsync(none)).Status.ShouldBe(HealthStatus.Healthy);

        await using var mirror = StartChecked(options => options.ConfigureContext = (context, _) => context.UseReplicaMirror());
        (await CheckAsync(mirror)).Status.ShouldBe(HealthStatus.Healthy);

        await using var required = StartChecked(options =>
        {
            options.ConfigureContext = (context, _) => context.UseReplica((string?)null);
            options.ConfigureRouting = routing => routing.RequireReplica = true;
        });
        (await CheckAsync(required)).Status.ShouldBe(HealthStatus.Degraded);
    }

    private static async Task ReplayAsync()
    {
        var pair = await PostgresPair.SharedAsync();
        await pair.ResumeReplayAsync(TestContext.Current.CancellationToken);
        await pair.CatchUpAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HealthReportEntry> CheckAsync(RoutedApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries[Name];

    private RoutedApp StartChecked(Action<RoutedAppOptions>? configure = null, Action<ReplicaOptions>? replica = null, HealthStatus? failureStatus = null) => StartWatched(replica, options =>
    {
        options.ConfigureServices = services => services.AddHealthChecks().AddReplicaCheck<ShopContext>(failureStatus: failureStatus);
        configure?.Invoke(options);
    });

    private sealed class SelfConfigured(string primary, string replica) : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseNpgsql(primary).UseReplica(replica);
    }

    private sealed class FactoryOnly(DbContextOptions<FactoryOnly> options) : DbContext(options);
}
