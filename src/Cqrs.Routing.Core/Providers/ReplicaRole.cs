namespace Cqrs.Routing.Providers;

/// <summary>The role of the server that is configured as the replica.</summary>
internal enum ReplicaRole
{
    /// <summary>The database does not report its role, or could not be asked.</summary>
    Unknown,

    /// <summary>The server is a read-only copy. It is a copy of this primary, as far as both were asked.</summary>
    Replica,

    /// <summary>The server is the primary itself, under another name or user. This is not an error, but it takes no load off the primary.</summary>
    Primary,

    /// <summary>The server is a former replica that accepts writes itself.</summary>
    Promoted,

    /// <summary>The server is a read-only copy with data that its primary never had. It follows another timeline, or the primary was restored from a backup.</summary>
    OtherTimeline,

    /// <summary>The server is a copy of another database, or not a copy.</summary>
    OtherDatabase,
}
