using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Cqrs.Routing.ConformanceTests.Diagnostics;

/// <summary>What the library's meter counts for the requests of one test. Meters are one per process, so every test needs requests of its own.</summary>
public sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly MeterListener _listener = new();

    public Measurements(string request)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == RoutingTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray();
            if (all.Any(tag => tag is { Key: "cqrs.routing.request", Value: string name } && name.Contains(request, StringComparison.Ordinal)))
                _lines.Enqueue($"{instrument.Name} {value} {string.Join(' ', all.Skip(1).Select(tag => tag.Value))}");
        });
        _listener.Start();
    }

    /// <summary>Instrument, value, and the values of all tags but the request.</summary>
    public IReadOnlyList<string> All => [.. _lines];

    public void Dispose() => _listener.Dispose();
}
