using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>Holds one measurement of a replica.</summary>
/// <param name="Refusal">Why the replica may not serve; null if it may.</param>
/// <param name="LagBytes">The bytes of the primary's log that the replica has not replayed; null if unknown.</param>
/// <param name="LagTime">The maximum age of the replica's data, or the minimum age if it has not reached any sampled position; null if unknown.</param>
internal sealed record ReplicaStatus(RouteReason? Refusal, long? LagBytes, TimeSpan? LagTime)
{
    public ReplicaRole Role { get; init; }

    /// <summary>Gets whether the server that is configured as the primary is a read-only copy, so that every command fails.</summary>
    public bool IsPrimaryReadOnly { get; init; }

    /// <summary>Gets why the replica did not answer; null if it did.</summary>
    public Exception? Error { get; init; }

    /// <summary>Gets whether this measurement opened the circuit, so that queries avoid the replica from now on.</summary>
    public bool IsLost { get; init; }

    /// <summary>Gets whether this measurement closed the circuit, so that queries use the replica again.</summary>
    public bool IsBack { get; init; }

    /// <summary>Gets why the primary did not answer; null if it did, or was not asked. Role and lag are then unknown, and the primary could not take over queries.</summary>
    public string? PrimaryError { get; init; }

    /// <summary>Gets why a server that answers did not return its identity or its position; null if it did.</summary>
    public string? Problem { get; init; }
}
