namespace Cqrs.Routing.Testing;

/// <summary>One decision: of a request when it was sent, or of a context when it went to a server.</summary>
/// <param name="Request">The request; <see cref="RouteScope"/> for reads in <see cref="RouteScope.BeginQuery"/>, null outside any request.</param>
/// <param name="Context">The context that bound its connection; null for the decision of the request itself.</param>
/// <param name="Route">The server.</param>
/// <param name="Reason">Why that one.</param>
public sealed record RouteRecord(Type? Request, Type? Context, DatabaseRole Route, RouteReason Reason)
{
    /// <summary>How long the query waited for the replica to replay what it needs (<see cref="ReplicaOptions.MaxCatchUpWait"/>), in vain if it then ran on the primary.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>The steps that led to the decision, for people: <see cref="RouteExplanation.Steps"/>.</summary>
    /// <value>Does not count when two records are compared: it follows from where the request was sent, and its words may change.</value>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>Compares everything but <see cref="Steps"/>.</summary>
    /// <param name="other">The other record.</param>
    /// <returns>Whether both tell the same decision.</returns>
    public bool Equals(RouteRecord? other) =>
        other is not null && (Request, Context, Route, Reason, Waited) == (other.Request, other.Context, other.Route, other.Reason, other.Waited);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Request, Context, Route, Reason, Waited);
}
