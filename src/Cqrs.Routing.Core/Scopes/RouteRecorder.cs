namespace Cqrs.Routing;

/// <summary>Records every routing decision of an application, for assertions and for pages that show them.</summary>
/// <remarks>Register it with <c>services.AddRouteRecorder()</c>. A singleton; thread safe. It keeps the last <see cref="Capacity"/> records.</remarks>
public sealed class RouteRecorder
{
    /// <summary>How many records are kept: enough for any test, and no leak in a page that shows them.</summary>
    /// <value>10,000.</value>
    public const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<RouteRecord> _records = new();
    private readonly Queue<InvalidOperationException> _refusals = new();

    /// <summary>Raised for each record, on the thread that made the decision.</summary>
    public event Action<RouteRecord>? Recorded;

    /// <summary>The records, oldest first. A copy.</summary>
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
    public IReadOnlyList<RouteRecord> GetRecords<TRequest>() => [.. Records.Where(record => record.Request == typeof(TRequest))];

    /// <summary>
    /// What queries tried and were refused, oldest first, also where the application swallowed the exception: each is a <see cref="QueryWriteException"/> or a
    /// <see cref="CommandInQueryException"/>. In shadow mode, what they did and would have been refused, once per request. A copy.
    /// </summary>
    public IReadOnlyList<InvalidOperationException> Refusals
    {
        get
        {
            lock (_gate)
                return [.. _refusals];
        }
    }

    /// <summary>Forgets all records and refusals.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            _refusals.Clear();
        }
    }

    internal void Record(RouteRecord record)
    {
        lock (_gate)
            Keep(_records, record);
        Recorded?.Invoke(record);
    }

    internal void RecordRefused(InvalidOperationException refusal)
    {
        lock (_gate)
            Keep(_refusals, refusal);
    }

    private static void Keep<T>(Queue<T> queue, T item)
    {
        if (queue.Count == Capacity)
            queue.Dequeue();
        queue.Enqueue(item);
    }
}
