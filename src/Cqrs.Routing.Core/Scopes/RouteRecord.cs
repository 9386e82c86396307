namespace Cqrs.Routing;

/// <summary>One decision: of a request when it was sent, or of a context when it went to a server.</summary>
public sealed record RouteRecord
{
    internal RouteRecord(Type? request, Type? context, DatabaseRole route, RouteReason reason) => (Request, Context, Route, Reason) = (request, context, route, reason);

    /// <summary>Gets the request; <see cref="RouteScope"/> for reads in <see cref="RouteScope.BeginQuery"/>, null outside any request.</summary>
    public Type? Request { get; }

    /// <summary>Gets the context that bound its connection; null for the decision of the request itself.</summary>
    public Type? Context { get; }

    /// <summary>Gets the server.</summary>
    public DatabaseRole Route { get; }

    /// <summary>Gets why that one.</summary>
    public RouteReason Reason { get; }

    /// <summary>Gets how long the query waited for the replica to replay what it needs (<see cref="ReplicaOptions.MaxCatchUpWait"/>), in vain if it then ran on the primary.</summary>
    public TimeSpan Waited { get; internal init; }

    /// <summary>Gets the steps that led to the decision, for people: <see cref="RouteExplanation.Steps"/>.</summary>
    /// <value>Does not count when two records are compared: it follows from where the request was sent, and its words may change.</value>
    public IReadOnlyList<string> Steps { get; internal init; } = [];

    /// <summary>Compares everything but <see cref="Steps"/>.</summary>
    /// <param name="other">The other record.</param>
    /// <returns>Whether both tell the same decision.</returns>
    public bool Equals(RouteRecord? other) =>
        other is not null && (Request, Context, Route, Reason, Waited) == (other.Request, other.Context, other.Route, other.Reason, other.Waited);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Request, Context, Route, Reason, Waited);
}
