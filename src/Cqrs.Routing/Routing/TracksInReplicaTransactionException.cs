namespace Cqrs.Routing.Routing;

/// <summary>A statement tracks entities inside a transaction that the query has open on the replica. The replica is not to blame, and the query may run again on the primary.</summary>
internal sealed class TracksInReplicaTransactionException(string request, string context, string entity) : InvalidOperationException(
    $"{request} tracks {entity} in a transaction that {context} has open on the replica, and what is tracked comes from the primary. "
    + "Read without tracking (AsNoTracking(), or a projection), or have the whole request read from the primary ([ReadFromPrimary], RouteScope.ForcePrimary()).");
