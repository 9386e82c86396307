namespace Cqrs.Routing;

/// <summary>The server that a context talks to.</summary>
public enum DatabaseRole
{
    /// <summary>The server that accepts writes. This is the default: a request that is not clearly a query runs here.</summary>
    Primary,

    /// <summary>The read-only copy.</summary>
    Replica,
}
