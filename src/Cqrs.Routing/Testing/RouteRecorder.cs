namespace Cqrs.Routing.Testing;

/// <summary>Records every routing decision of an application, for assertions and for pages that show them.</summary>
/// <remarks>Register it with <c>services.AddRouteRecorder()</c>. A singleton; thread safe. It keeps all records until <see cref="Clear"/>.</remarks>
public sealed class RouteRecorder
{
    private readonly Lock _gate = new();
    private readonly List<RouteRecord> _records = [];

    /// <summary>Raised for each record, on the thread that made the decision.</summary>
    public event Action<RouteRecord>? Recorded;

    /// <summary>All records so far, oldest first. A copy.</summary>
    public IReadOnlyList<RouteRecord> Records
    {
        get
        {
            lock (_gate)
                return [.. _records];
        }
    }

    /// <summary>The records of one request type, oldest first. A copy.</summary>
    /// <typeparam name="TRequest">The request type.</typeparam>
    /// <returns>First the decision of the request itself, then those of the contexts it used, for each time it was sent.</returns>
    public IReadOnlyList<RouteRecord> Of<TRequest>() => [.. Records.Where(record => record.Request == typeof(TRequest))];

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        lock (_gate)
            _records.Clear();
    }

    internal void Record(RouteRecord record)
    {
        lock (_gate)
            _records.Add(record);
        Recorded?.Invoke(record);
    }
}
