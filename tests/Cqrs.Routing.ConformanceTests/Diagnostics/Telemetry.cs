using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.ConformanceTests.Diagnostics;

/// <summary>All that the library tells of itself, as lines of text: every log at every level, every measurement, every span. Of the whole process.</summary>
public sealed class Telemetry : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly MeterListener _meter = new();
    private readonly ActivityListener _spans;

    public Telemetry()
    {
        _meter.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == RoutingTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<int>(Measured);
        _meter.SetMeasurementEventCallback<long>(Measured);
        _meter.SetMeasurementEventCallback<double>(Measured);
        _meter.Start();
        _spans = new()
        {
            ShouldListenTo = static source => source.Name == RoutingTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => Add($"span {span.DisplayName} {span.Status} {span.StatusDescription} {TextOf(span.TagObjects)} {string.Join(' ', span.Events.Select(@event => @event.Name + TextOf(@event.Tags)))}"),
        };
        ActivitySource.AddActivityListener(_spans);
    }

    /// <summary>Everything so far, also what has to be asked for.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            _meter.RecordObservableInstruments();
            return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => categoryName == "Cqrs.Routing" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Add($"log {eventId.Id} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
        _meter.Dispose();
        _spans.Dispose();
    }

    private void Measured<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) => Add($"metric {instrument.Name} {value} {TextOf(tags.ToArray())}");

    private static string TextOf(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));

    private void Add(string line) => _lines.Enqueue(line);
}
