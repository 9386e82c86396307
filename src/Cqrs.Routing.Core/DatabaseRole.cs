namespace Cqrs.Routing;

/// <summary>The server that a context talks to.</summary>
public enum DatabaseRole
{
    /// <summary>The server that takes writes. The default: whatever is not clearly a query runs here.</summary>
    Primary,

    /// <summary>The read-only copy.</summary>
    Replica,
}
