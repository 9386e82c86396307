using System.Diagnostics;
using System.Diagnostics.Metrics;
using Cqrs.Routing.ConformanceTests.Configuration;
using Cqrs.Routing.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>The metric of the circuit state. Metrics are per process, so the test has its own context type.</summary>
public sealed class CircuitMetricTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private const string ContextName = "Shop<CircuitMetricTests>";

    [Fact]
    public async Task The_state_of_a_replicas_circuit_is_a_metric()
    {
        await using var proxy = TcpProxy.Start(new NpgsqlConnectionStringBuilder(Pair.Replica).Port);
        await using var app = Start(options => options.AddContexts = (services, log) => services.AddDbContext<ShopContext, Shop<CircuitMetricTests>>(context => context
            .UseNpgsql(Pair.Primary)
            .AddInterceptors(log)
            .UseReplica(At(proxy.Port), replica => (replica.MonitorInterval, replica.BreakDuration) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(20)))));
        States().ShouldBeEmpty();

        await app.SendAsync(ReadName);
        States().ShouldBe(["closed 1", "open 0"]);

        proxy.Refuse();
        proxy.Reset();
        for (var query = 0; query < 3; query++)
            await app.SendAsync(ReadName);
        States().ShouldBe(["closed 0", "open 1"]);

        proxy.Admit();
        // A probe beside the queries finds it again.
        for (var clock = Stopwatch.StartNew(); !States().SequenceEqual(["closed 1", "open 0"]); await Task.Delay(10))
        {
            await app.SendAsync(ReadName);
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        }
    }

    private static List<string> States()
    {
        List<string> states = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: RoutingTelemetry.MeterName, Name: "cqrs.routing.replica.circuit.status" })
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            var all = new Dictionary<string, object?>([.. tags]);
            if ((string?)all["cqrs.routing.context"] == ContextName)
                states.Add($"{all["cqrs.routing.replica.circuit.state"]} {value}");
        });
        listener.Start();
        listener.RecordObservableInstruments();
        states.Sort(StringComparer.Ordinal);
        return states;
    }
}
