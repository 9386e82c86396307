namespace Cqrs.Routing;

/// <summary>What <c>UseReplica</c> can be told about a replica.</summary>
public sealed class ReplicaOptions
{
    /// <summary>Whether the replica's database may have another name than the primary's.</summary>
    /// <value>
    /// Default <see langword="false"/>: a different name is refused, because it is more often a mistake than a renamed copy.
    /// SQLite files have no name to compare.
    /// </value>
    public bool AllowDifferentDatabaseName { get; set; }
}
