namespace Cqrs.Routing;

/// <summary>Records every routing decision of an application, for assertions and for pages that display them.</summary>
/// <remarks>Register it with <c>services.AddRouteRecorder()</c>. A singleton; thread safe. It keeps the last <see cref="Capacity"/> records.</remarks>
public sealed class RouteRecorder
{
    /// <summary>The number of records and of refusals that are kept: enough for any test, and no memory leak in a page that displays them.</summary>
    /// <value>10,000.</value>
    public const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<RouteRecord> _records = new();
    private readonly Queue<InvalidOperationException> _refusals = new();

    /// <summary>Occurs for each record, on the thread that made the decision.</summary>
    public event Action<RouteRecord>? Recorded;

    /// <summary>Gets a copy of the records, oldest first.</summary>
    public IReadOnlyList<RouteRecord> Records
    {
        get
        {
            lock (_gate)
                return [.. _records];
        }
    }

    /// <summary>Returns a copy of the records of one request type, oldest first.</summary>
    /// <typeparam name="TRequest">The request type.</typeparam>
    /// <returns>The records. For each time the request was sent: first its own decision, then those of the contexts it used.</returns>
    public IReadOnlyList<RouteRecord> GetRecords<TRequest>() => [.. Records.Where(record => record.Request == typeof(TRequest))];

    /// <summary>
    /// Gets a copy of the refusals of queries, oldest first, even if the application caught the exception. Each is a <see cref="QueryWriteException"/> or a
    /// <see cref="CommandInQueryException"/>. In shadow mode, it contains the actions that would have been refused, once per request.
    /// </summary>
    public IReadOnlyList<InvalidOperationException> Refusals
    {
        get
        {
            lock (_gate)
                return [.. _refusals];
        }
    }

    /// <summary>Removes all records and refusals.</summary>
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
