namespace Cqrs.Routing.Routing;

/// <summary>What one context has tracked from the replica.</summary>
internal interface IReplicaReads
{
    /// <summary>Detaches what queries that have ended tracked from the replica and nobody has changed since.</summary>
    void Forget();
}
