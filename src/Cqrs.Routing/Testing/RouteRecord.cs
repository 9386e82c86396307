namespace Cqrs.Routing.Testing;

/// <summary>One decision: of a request when it was sent, or of a context when it went to a server.</summary>
/// <param name="Request">The request; <see cref="RouteScope"/> for reads in <see cref="RouteScope.BeginQuery"/>, null outside any request.</param>
/// <param name="Context">The context that bound its connection; null for the decision of the request itself.</param>
/// <param name="Route">The server.</param>
/// <param name="Reason">Why that one.</param>
public sealed record RouteRecord(Type? Request, Type? Context, Route Route, RouteReason Reason)
{
    /// <summary>How long the query waited for the replica to replay what it needs (<see cref="ReplicaOptions.MaxWait"/>), in vain if it then ran on the primary.</summary>
    public TimeSpan Waited { get; init; }
}
