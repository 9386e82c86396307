using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cqrs.Routing.Load.Chaos.Faults;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>Reads the library's own count of queries that ran on the primary because the replica could not serve them.</summary>
internal sealed class FallbackMeter : IDisposable
{
    private const string Meter = "Cqrs.Routing";
    private const string Fallbacks = "cqrs.routing.fallbacks";
    private const string StageTag = "cqrs.routing.fallback.stage";

    private readonly ConcurrentDictionary<string, int> _stages = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly FaultLog _faults;

    public FallbackMeter(FaultLog faults)
    {
        _faults = faults;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name == Fallbacks)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.Start();
    }

    public int Total => _stages.Values.Sum();

    public int Of(string stage) => _stages.GetValueOrDefault(stage);

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var tag in tags)
        {
            if (tag is not { Key: StageTag, Value: string stage })
                continue;

            _stages.AddOrUpdate(stage, (int)measurement, (_, count) => count + (int)measurement);
            _faults.FellBack(stage);
        }
    }
}
