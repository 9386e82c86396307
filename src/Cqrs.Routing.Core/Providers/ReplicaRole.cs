namespace Cqrs.Routing.Providers;

/// <summary>What the server that should be a replica turned out to be.</summary>
internal enum ReplicaRole
{
    /// <summary>Its database does not tell, or could not be asked.</summary>
    Unknown,

    /// <summary>A read-only copy; of this primary, as far as both were asked.</summary>
    Replica,

    /// <summary>The primary itself, under another name or user: nothing is wrong, and nothing is offloaded.</summary>
    Primary,

    /// <summary>A former replica that takes writes of its own.</summary>
    Promoted,

    /// <summary>A read-only copy that has what its primary never had: it follows another timeline, or the primary was restored from a backup.</summary>
    OtherTimeline,

    /// <summary>A copy of another database, or none at all.</summary>
    OtherDatabase,
}
