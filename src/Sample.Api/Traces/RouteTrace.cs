using Cqrs.Routing;
using Sample.Infrastructure.Servers;

namespace Sample.Api.Traces;

/// <summary>What was decided, and what was executed where, during one HTTP request or one step of the tour.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RouteTrace
{
    private readonly Lock _gate = new();
    private readonly List<RouteRecord> _records = [];
    private int _primary;
    private int _replica;

    /// <summary>The database commands that the primary executed.</summary>
    public int PrimaryCommands => Volatile.Read(ref _primary);

    /// <summary>The database commands that the replica executed.</summary>
    public int ReplicaCommands => Volatile.Read(ref _replica);

    /// <summary>The requests in the order in which they were sent, each once for every server and reason.</summary>
    /// <remarks>A <see cref="RouteScope"/> shows only where there is no request around it: get-or-create inside a command is the command's.</remarks>
    public IReadOnlyList<RouteStep> Steps
    {
        get
        {
            lock (_gate)
            {
                var requests = _records.Where(record => record.Request != typeof(RouteScope)).ToList();
                return [.. (requests.Count > 0 ? requests : _records).Select(StepOf).Distinct()];
            }
        }
    }

    public void Add(RouteRecord record)
    {
        lock (_gate)
        {
            // A request is recorded when it is sent, and again when its context goes to a server: then that is what counts.
            var sent = record.Context is null
                ? -1
                : _records.FindLastIndex(earlier => earlier.Request == record.Request && earlier.Context is null);
            if (sent < 0)
                _records.Add(record);
            else
                _records[sent] = record;
        }
    }

    public void Add(ExecutedCommand command) =>
        Interlocked.Increment(ref command.Server == DatabaseRole.Primary ? ref _primary : ref _replica);

    private static RouteStep StepOf(RouteRecord record) => new(record.Request?.Name ?? "(no request)", record.Route, record.Reason)
    {
        WaitedMilliseconds = record.Waited.TotalMilliseconds,
        Chain = string.Join("; ", record.Steps),
    };
}
