using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>What was measured of a replica.</summary>
/// <param name="Refusal">Why it may not serve; null if it may.</param>
/// <param name="LagBytes">How much of the primary's log it has not replayed; null if unknown.</param>
/// <param name="LagTime">How old it is at most, or at least where nothing that it has was sampled yet; null if unknown.</param>
internal sealed record ReplicaStatus(RouteReason? Refusal, long? LagBytes, TimeSpan? LagTime)
{
    public ReplicaRole Role { get; init; }

    /// <summary>Why the replica did not answer; null if it did.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether queries leave it alone for that from now on, and did not before.</summary>
    public bool IsLost { get; init; }

    /// <summary>Whether queries ask it again, which they did not before.</summary>
    public bool IsBack { get; init; }

    /// <summary>Why the primary did not answer; null if it did, or was not asked. Then nothing can be said of role and lag, and nobody could take over.</summary>
    public string? PrimaryError { get; init; }

    /// <summary>Why a server that answers did not tell who it is, or its position; null if it did.</summary>
    public string? Problem { get; init; }
}
