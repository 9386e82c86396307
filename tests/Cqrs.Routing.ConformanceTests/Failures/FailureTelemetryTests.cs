using Cqrs.Routing.ConformanceTests.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>The span and the metrics of a query report its fallback stage, its wait and the lag of its replica.</summary>
public sealed class FailureTelemetryTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private readonly Telemetry _telemetry = new();

    [Fact]
    public async Task A_replica_that_cannot_be_opened_is_reported_at_the_connection_stage()
    {
        await using var app = StartWithOwnRequest(Refusing);

        await app.SendAsync(new Find(NameAsync));

        ShouldHaveTurnedBackAt("connection");
    }

    [Fact]
    public async Task A_handler_that_runs_again_is_reported_at_the_handler_stage()
    {
        await using var app = StartWithOwnRequest(Standby);
        var runs = 0;

        await app.SendAsync(new Find(async db =>
        {
            var name = await NameAsync(db);
            return runs++ > 0 ? name : throw new NpgsqlException("lost", new IOException());
        }));

        runs.ShouldBe(2);
        ShouldHaveTurnedBackAt("handler");
    }

    [Fact]
    public async Task A_query_that_waits_in_vain_reports_its_wait_and_its_outcome()
    {
        await using var app = StartWithOwnRequest(Standby, choices => choices.MaxCatchUpWait = TimeSpan.FromMilliseconds(50));

        await app.InScopeAsync(async user =>
        {
            await user.Sender.Send(new WriteNothingBack(async handling =>
                await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Version, order => order.Version + 1))));
            await user.Sender.Send(new Find(NameAsync));
        });

        var waited = TagOf(Span, "cqrs.routing.wait.duration");
        double.Parse(waited).ShouldBeGreaterThan(0);
        _telemetry.Lines.ShouldContain($"metric cqrs.routing.position.wait.duration {waited} cqrs.routing.outcome=NotCaughtUp");
        _telemetry.Lines.ShouldContain("metric cqrs.routing.position.checks 1 cqrs.routing.outcome=NotCaughtUp");
    }

    [Fact]
    public async Task The_lag_that_was_measured_last_is_in_the_span_and_in_the_metrics()
    {
        await using var app = StartWithOwnRequest(Standby);
        await app.InScopeAsync(async scope =>
        {
            var connection = RoutedConnection.Find(scope.Db)!;
            connection.Replica.TryPrepare().ShouldBeTrue();
            await connection.MeasureAsync(TestContext.Current.CancellationToken);
        });

        await app.SendAsync(new Find(NameAsync));

        _telemetry.Lines.ShouldContain($"metric cqrs.routing.replica.lag {TagOf(Span, "cqrs.routing.replica.lag")} cqrs.routing.context=ShopContext");
        _telemetry.Lines.ShouldContain(line => line.StartsWith("metric cqrs.routing.replica.lag.bytes ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, "FallbackOff")]
    [InlineData(true, "BudgetExhausted")]
    public async Task A_query_that_neither_server_serves_is_counted_with_its_problem(bool fallsBack, string problem)
    {
        await using var app = StartWithOwnRequest(Refusing, choices =>
        {
            choices.FallbackToPrimary = fallsBack;
            choices.MaxFallbacksPerSecond = 0;
        });

        await Should.ThrowAsync<ReplicaUnavailableException>(() => app.SendAsync(new Find(NameAsync)));

        _telemetry.Lines.ShouldContain(line => line.StartsWith("metric cqrs.routing.unserved 1 ", StringComparison.Ordinal) && line.EndsWith($"cqrs.routing.problem={problem}", StringComparison.Ordinal));
    }

    public override ValueTask DisposeAsync()
    {
        _telemetry.Dispose();
        return base.DisposeAsync();
    }

    // Meters and activity sources are one per process; only this class sends this request.
    private string Span => _telemetry.Lines.Single(static line => line.StartsWith("span query FailureTelemetryTests.Find ", StringComparison.Ordinal));

    private void ShouldHaveTurnedBackAt(string stage)
    {
        (TagOf(Span, "cqrs.routing.fallback.stage"), TagOf(Span, "cqrs.routing.escalated_from")).ShouldBe((stage, "Replica"));
        _telemetry.Lines.ShouldContain($"metric cqrs.routing.fallbacks 1 cqrs.routing.request={typeof(FailureTelemetryTests).FullName}.Find cqrs.routing.fallback.stage={stage} cqrs.routing.reason=ReplicaUnavailable");
    }

    private static string TagOf(string span, string tag) => span.Split(' ').Single(word => word.StartsWith($"{tag}=", StringComparison.Ordinal))[(tag.Length + 1)..];

    private RoutedApp StartWithOwnRequest(string replica, Action<ReplicaOptions>? choices = null) => StartOn(replica, choices, options => options.ConfigureServices = static services =>
        services.AddTransient<IRequestHandler<Find, string>, FindHandler>());

    private sealed record Find(Func<ShopContext, Task<string>> Body) : IQuery<string>;

    private sealed class FindHandler(ShopContext db) : IQueryHandler<Find, string>
    {
        public Task<string> Handle(Find query, CancellationToken cancellationToken) => query.Body(db);
    }
}
