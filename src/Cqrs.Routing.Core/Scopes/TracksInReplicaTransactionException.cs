namespace Cqrs.Routing.Scopes;

/// <summary>
/// A statement tracks entities inside a transaction, or beside a connection that was opened by hand, that the query has open on the replica. The replica is not to blame, and the query may run again on
/// the primary.
/// </summary>
internal sealed class TracksInReplicaTransactionException(string request, string context, string entity, bool inTransaction) : InvalidOperationException(
    $"{request} tracks {entity} "
    + (inTransaction
        ? $"in a transaction that {context} has open on the replica, and what is tracked comes from the primary. "
        : $"while {context} has the replica open by hand, and what is tracked comes from the primary, where what was set on that connection does not hold. ")
    + "Read without tracking (AsNoTracking(), or a projection), or have the whole request read from the primary ([ReadFromPrimary], RouteScope.ForcePrimary()).");
