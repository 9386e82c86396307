using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.ConformanceTests.Schema;
using Cqrs.Routing.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Health;

/// <summary>The findings of <see cref="RoutingSelfCheck"/> for correct and incorrect configurations.</summary>
[Collection(PostgresCollection.Name)]
public sealed class RoutingSelfCheckTests(PairFixture<PostgresPairDatabase> fixture) : HealthTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.Factory)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_pair_that_is_set_up_correctly_passes_the_self_check(ContextLifetime lifetime)
    {
        await using var app = StartWithSelfCheck(options => options.Lifetime = lifetime);

        var report = await RunAsync(app);

        report.ToString().ShouldBe(
            """
            The routing self-check passed with 1 warning in 5 findings.
              Ok       Requests: 3 queries and 2 commands have a handler
              Warning  Requests: 1 are neither query nor command, so they run on the primary: Neither. Mark them, or name a convention (RoutingOptions.ClassifyByNameSuffix) [CR119]
              Ok       ShopContext: it is routed, and its queries cannot write
              Ok       ShopContext: its replica answers: it is a read-only copy of its primary
              Ok       ShopContext: no migrations on either server
            """);
        report.Passed.ShouldBeTrue();
    }

    [Fact]
    public async Task Migrations_are_compared_on_both_servers()
    {
        var pair = await PostgresPair.SharedAsync();
        await pair.ResumeReplayAsync(Token);
        var database = await pair.CreateDatabaseAsync("proof_of_migrations", Token);
        await using var app = StartWithSelfCheck(options => options.AddContexts = (services, log) => services.AddDbContext<ThingContext>(context => context
            .UseNpgsql(database.Primary, npgsql => npgsql.MigrationsAssembly(typeof(FirstMigration).Assembly)).UseReplica(database.Replica).AddInterceptors(log)));
        await pair.PauseReplayAsync(Token);
        await using (var scope = app.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ThingContext>().Database.MigrateAsync(Token);

        (await RunAsync(app)).Findings.ShouldContain(new SelfCheckFinding(
            SelfCheckSeverity.Warning,
            "ThingContext",
            $"its replica lacks migrations that its primary has: {FirstMigration.Name}. Wait for it after a migration: Database.WaitForReplicaAsync(...) [CR115]"));

        await pair.ResumeReplayAsync(Token);
        await pair.CatchUpAsync(Token);
        (await RunAsync(app)).Findings.ShouldContain(new SelfCheckFinding(SelfCheckSeverity.Ok, "ThingContext", "the same 1 migrations on both servers"));
    }

    [Fact]
    public async Task A_replica_of_another_primary_keeps_the_application_from_starting()
    {
        await using var stranger = await PostgresPair.StartAsync();
        await stranger.CreateDatabaseAsync(new NpgsqlConnectionStringBuilder(Pair.Primary).Database!, Token);
        var log = new LogLines();
        await using var app = StartWithSelfCheck(options =>
        {
            options.ConfigureContext = (context, _) => context.UseReplica(
                new NpgsqlConnectionStringBuilder(stranger.ReplicaConnectionString) { Database = new NpgsqlConnectionStringBuilder(Pair.Primary).Database }.ConnectionString);
            options.ConfigureServicesLater = log.AddTo;
        });

        var error = await Should.ThrowAsync<RoutingSelfCheckException>(() => StartHostAsync(app));

        error.Report!.Findings.ShouldContain(new SelfCheckFinding(
            SelfCheckSeverity.Error, "ShopContext", "the server that should be its replica is not a replica of its primary: it holds another database [CR106]"));
        log.All.ShouldContain(error.Report!.ToString());
        (await ReadinessAsync(app)).ShouldBe(HealthStatus.Unhealthy);
    }

    [Theory]
    [InlineData(false, SelfCheckSeverity.Warning)]
    [InlineData(true, SelfCheckSeverity.Error)]
    public async Task A_replica_that_does_not_answer_keeps_the_application_from_starting_only_if_it_is_required(bool required, SelfCheckSeverity level)
    {
        await using var app = StartWithSelfCheck(options =>
        {
            options.ConfigureContext = (context, pair) => context.UseReplica(new NpgsqlConnectionStringBuilder(pair.Replica) { Port = 1 }.ConnectionString);
            options.ConfigureRouting = routing => routing.RequireReplica = required;
        });

        if (required)
            await Should.ThrowAsync<RoutingSelfCheckException>(() => StartHostAsync(app));
        else
            await StartHostAsync(app);

        var report = app.Services.GetRequiredService<RoutingSelfCheck>().LastReport!;
        report.Findings.ShouldContain(finding => finding.Severity == level && finding.Message.StartsWith("its replica at tcp://127.0.0.1:1 does not answer (NpgsqlException (SocketException): Failed to connect to 127.0.0.1:1)", StringComparison.Ordinal));
        (await ReadinessAsync(app)).ShouldBe(required ? HealthStatus.Unhealthy : HealthStatus.Healthy);
    }

    [Fact]
    public async Task The_primary_in_place_of_the_replica_is_a_warning()
    {
        await using var app = StartWithSelfCheck(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Primary + ";Application Name=replica"));

        (await RunAsync(app)).Findings.ShouldContain(new SelfCheckFinding(SelfCheckSeverity.Warning, "ShopContext", "its replica is the primary itself: nothing is offloaded [CR108]"));
    }

    [Fact]
    public async Task Swapped_strings_keep_the_application_from_starting()
    {
        var log = new LogLines();
        await using var app = StartWithSelfCheck(options =>
        {
            options.AddContexts = (services, _) => services.AddDbContext<ShopContext>(context => context.UseNpgsql(Pair.Replica).UseReplica(Pair.Primary));
            options.ConfigureServicesLater = log.AddTo;
        });

        var error = await Should.ThrowAsync<RoutingSelfCheckException>(() => StartHostAsync(app));

        error.Message.ShouldContain("the server that is configured as its primary is a read-only copy, so every command fails. The server that is configured as its replica accepts writes. Exchange the two connection strings");
        log.All.ShouldContain(line => line.StartsWith("The server that is configured as the primary of ShopContext is a read-only copy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standby_in_place_of_the_primary_keeps_the_application_from_starting()
    {
        await using var app = StartWithSelfCheck(options =>
            options.AddContexts = (services, _) => services.AddDbContext<ShopContext>(context => context.UseNpgsql(Pair.Replica).UseReplica(Pair.Replica + ";Application Name=replica")));

        var error = await Should.ThrowAsync<RoutingSelfCheckException>(() => StartHostAsync(app));

        error.Message.ShouldContain("So is its replica. Give the context the connection string of the server that accepts writes");
    }

    [Fact]
    public async Task The_questions_of_the_self_check_leave_no_failed_command_in_the_log()
    {
        var log = new LogLines(LogLevel.Error, category: "");
        await using var app = StartWithSelfCheck(options => options.ConfigureServicesLater = log.AddTo);

        (await RunAsync(app)).Passed.ShouldBeTrue();

        log.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_replica_that_is_configured_wrongly_is_an_error()
    {
        await using var app = StartWithSelfCheck(options => options.ConfigureContext = (context, pair) => context.UseReplica(new NpgsqlConnectionStringBuilder(pair.Replica) { Database = "other" }.ConnectionString));

        var report = await RunAsync(app);

        report.Passed.ShouldBeFalse();
        report.Findings.ShouldContain(finding => finding.Severity == SelfCheckSeverity.Error && finding.Message.Contains("and its replica the database 'other'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replica_that_is_not_used_is_a_warning()
    {
        await using var app = StartWithSelfCheck(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).UseNpgsql(pair.Primary + ";Application Name=replaced later"));

        (await RunAsync(app)).Level.ShouldBe(SelfCheckSeverity.Warning);
    }

    [Fact]
    public async Task Shadow_mode_is_a_warning()
    {
        await using var app = StartWithSelfCheck(options => options.ConfigureServicesLater = services => services.Configure<RoutingRolloutOptions>(rollout => rollout.Percent = 99));

        (await RunAsync(app)).Findings.ShouldContain(finding => finding.Severity == SelfCheckSeverity.Warning && finding.Message.StartsWith("some requests run in shadow mode", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_AddRoutingBehavior_is_an_error()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddDbContext<ShopContext>(context => context.UseNpgsql(Pair.Primary).UseReplica(Pair.Replica)).AddRoutingSelfCheck();
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

        var report = await provider.GetRequiredService<RoutingSelfCheck>().RunAsync(Token);

        report.Findings[0].Severity.ShouldBe(SelfCheckSeverity.Error);
        report.Findings[0].Message.ShouldStartWith("AddRoutingBehavior() was not called");
    }

    [Fact]
    public async Task The_self_check_writes_nothing_and_is_registered_once()
    {
        await using var app = StartWithSelfCheck(options => options.ConfigureServicesLater = services => services.AddRoutingSelfCheck());

        app.Services.GetServices<IHostedService>().Count(service => service.GetType().Namespace == "Cqrs.Routing.SelfCheck").ShouldBe(1);
        await RunAsync(app);

        app.Log.OnPrimary.Concat(app.Log.OnReplica).ShouldAllBe(text => text.TrimStart().StartsWith("SELECT", StringComparison.Ordinal));
    }

    private static Task<RoutingSelfCheckReport> RunAsync(RoutedApp app) => app.Services.GetRequiredService<RoutingSelfCheck>().RunAsync(Token);

    private static async Task StartHostAsync(RoutedApp app)
    {
        foreach (var service in app.Services.GetServices<IHostedService>())
            await service.StartAsync(Token);
    }

    private static async Task<HealthStatus> ReadinessAsync(RoutedApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Status;

    private RoutedApp StartWithSelfCheck(Action<RoutedAppOptions>? configure = null) => Start(options =>
    {
        options.ConfigureServices = services =>
        {
            services.AddRoutingSelfCheck();
            services.AddHealthChecks().AddRoutingSelfCheck();
        };
        configure?.Invoke(options);
    });
}
