using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>Listens to routing's spans and metrics, as an exporter does, and does nothing with them. For the whole process, until it is disposed.</summary>
internal sealed class Listeners : IDisposable
{
    private readonly ActivityListener _spans = new()
    {
        ShouldListenTo = static source => source.Name == RoutingTelemetry.ActivitySourceName,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    private readonly MeterListener _metrics = new()
    {
        InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == RoutingTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        },
    };

    public Listeners()
    {
        ActivitySource.AddActivityListener(_spans);
        _metrics.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _metrics.Start();
    }

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }
}
