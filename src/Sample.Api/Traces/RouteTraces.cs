using Cqrs.Routing;
using Sample.Infrastructure.Servers;

namespace Sample.Api.Traces;

/// <summary>Collects what the recorder and the command tap report into the trace of the flow that caused it.</summary>
internal sealed class RouteTraces
{
    private readonly AsyncLocal<RouteTrace?> _current = new();

    public RouteTraces(RouteRecorder recorder, CommandTap tap)
    {
        recorder.Recorded += record => _current.Value?.Add(record);
        tap.Executed += command => _current.Value?.Add(command);
    }

    /// <summary>Begins a trace that lasts until the calling async method returns.</summary>
    public RouteTrace Begin() => _current.Value = new();
}
