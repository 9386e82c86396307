namespace Cqrs.Routing;

/// <summary>Records one decision: for a request when it was sent, or for a context when it used a server.</summary>
public sealed record RouteRecord
{
    internal RouteRecord(Type? request, Type? context, DatabaseRole route, RouteReason reason) => (Request, Context, Route, Reason) = (request, context, route, reason);

    /// <summary>Gets the request type; <see cref="RouteScope"/> for reads in <see cref="RouteScope.BeginQuery(string)"/>, null outside any request.</summary>
    public Type? Request { get; }

    /// <summary>Gets the type of the context that bound its connection; null for the decision of the request itself.</summary>
    public Type? Context { get; }

    /// <summary>Gets the server.</summary>
    public DatabaseRole Route { get; }

    /// <summary>Gets the reason for that server.</summary>
    public RouteReason Reason { get; }

    /// <summary>
    /// Gets how long the query waited for the replica to replay the data that it needs (<see cref="ReplicaOptions.MaxCatchUpWait"/>). If the query then ran on the
    /// primary, the wait had failed.
    /// </summary>
    public TimeSpan Waited { get; internal init; }

    /// <summary>Gets the steps that led to the decision, for people: <see cref="RouteExplanation.Steps"/>.</summary>
    /// <value>Default empty. Comparisons of records ignore it: it depends on where the request was sent, and its texts may change.</value>
    public IReadOnlyList<string> Steps { get; internal init; } = [];

    /// <summary>Returns whether two records are equal in everything except <see cref="Steps"/>.</summary>
    /// <param name="other">The other record.</param>
    /// <returns>Whether both records contain the same decision.</returns>
    public bool Equals(RouteRecord? other) =>
        other is not null && (Request, Context, Route, Reason, Waited) == (other.Request, other.Context, other.Route, other.Reason, other.Waited);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Request, Context, Route, Reason, Waited);
}
