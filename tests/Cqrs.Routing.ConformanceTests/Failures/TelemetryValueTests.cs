using Cqrs.Routing.ConformanceTests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>Logs, metrics and spans contain no value of a request.</summary>
public sealed class TelemetryValueTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private const string Value = "a-name-that-is-nobodys-business";

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public async Task No_log_metric_or_span_contains_a_value_of_a_request(int routedPercent)
    {
        using var telemetry = new Telemetry();
        await using var app = StartOn(Standby, configure: options => options.ConfigureServicesLater = services => services
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(telemetry))
            .Configure<RoutingRolloutOptions>(rollout => rollout.Percent = routedPercent));
        var find = new Read(async handling => await handling.Db.Orders.CountAsync(order => order.Name == Value));

        await app.SendAsync(find);
        // Refused, or in shadow mode told: by what EF knows, by its text, by its being a command.
        await TryAsync(app, new Read(async handling => await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, Value))));
        await TryAsync(app, new Read(async handling => await handling.Db.Database.ExecuteSqlRawAsync($"UPDATE \"Orders\" SET \"Name\" = '{Value}'")));
        await TryAsync(app, new Read(async handling => await handling.Sender.Send(new WriteNothingBack(_ => Task.CompletedTask))));
        // The database says the value in its error, on either server.
        var wrong = (Handling handling) => handling.Db.Database.SqlQuery<int>($"SELECT {Value}::text::int AS \"Value\"").ToListAsync();
        await TryAsync(app, new Read(async handling => await wrong(handling)));
        await TryAsync(app, new Write(async handling => await wrong(handling)));
        if (routedPercent > 0)
            await BreakSocketsAsync();
        await app.SendAsync(find);

        var lines = telemetry.Lines;
        lines.Where(line => line.Contains(Value, StringComparison.Ordinal)).ShouldBeEmpty();
        foreach (var told in routedPercent > 0
            ? new[] { "log 5 ", "log 8 ", "metric cqrs.routing.decisions ", "metric cqrs.routing.refusals ", "metric cqrs.routing.fallbacks ", "span query Read Error " }
            : ["log 5 ", "metric cqrs.routing.shadow.findings ", "span query Read Error "])
        {
            lines.ShouldContain(line => line.StartsWith(told, StringComparison.Ordinal));
        }
    }

    private static async Task TryAsync(RoutedApp app, MediatR.IRequest<object?> request)
    {
        var error = await Record.ExceptionAsync(() => app.SendAsync(request));
        if (error is Npgsql.PostgresException wrong)
            wrong.MessageText.ShouldContain(Value);
    }
}
