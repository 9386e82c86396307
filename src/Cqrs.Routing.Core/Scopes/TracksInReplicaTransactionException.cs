namespace Cqrs.Routing.Scopes;

/// <summary>
/// The exception for a statement that tracks entities in a transaction, or on a connection opened by hand, that the query holds on the replica. The replica is not the
/// cause. The query may run again on the primary.
/// </summary>
internal sealed class TracksInReplicaTransactionException(string request, string context, string entity, bool inTransaction) : InvalidOperationException(
    $"{request} tracks {entity} "
    + (inTransaction
        ? $"in a transaction that {context} has open on the replica, but tracked entities come from the primary. "
        : $"while {context} has the replica open by hand, but tracked entities come from the primary, where settings of that connection do not apply. ")
    + "Read without tracking (AsNoTracking(), or a projection), or have the whole request read from the primary ([ReadFromPrimary], RouteScope.ForcePrimary()). [CR204]");
