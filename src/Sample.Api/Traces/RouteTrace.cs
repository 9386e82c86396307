using Cqrs.Routing;
using Cqrs.Routing.Testing;
using Sample.Infrastructure.Servers;

namespace Sample.Api.Traces;

/// <summary>What was decided, and what was executed where, during one HTTP request or one step of the tour.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RouteTrace
{
    private readonly Lock _gate = new();
    private readonly List<RouteStep> _steps = [];
    private int _primary;
    private int _replica;

    /// <summary>The database commands that the primary executed.</summary>
    public int PrimaryCommands => Volatile.Read(ref _primary);

    /// <summary>The database commands that the replica executed.</summary>
    public int ReplicaCommands => Volatile.Read(ref _replica);

    /// <summary>The decisions, in the order in which they were made.</summary>
    public IReadOnlyList<RouteStep> Steps
    {
        get
        {
            lock (_gate)
                return [.. _steps];
        }
    }

    public void Add(RouteRecord record)
    {
        var step = new RouteStep(record.Request?.Name ?? "(no request)", record.Route, record.Reason);
        lock (_gate)
        {
            // A request is recorded when it is sent, and again when its context binds: once is enough here.
            if (!_steps.Contains(step))
                _steps.Add(step);
        }
    }

    public void Add(ExecutedCommand command) =>
        Interlocked.Increment(ref command.Server == Route.Primary ? ref _primary : ref _replica);
}
