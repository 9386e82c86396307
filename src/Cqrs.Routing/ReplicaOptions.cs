namespace Cqrs.Routing;

/// <summary>What <c>UseReplica</c> can be told about a replica. Read when the options of the context are built.</summary>
public sealed class ReplicaOptions
{
    /// <summary>Whether the replica's database may have another name than the primary's.</summary>
    /// <value>
    /// Default <see langword="false"/>: a different name is refused, because it is more often a mistake than a renamed copy.
    /// SQLite files have no name to compare.
    /// </value>
    public bool AllowDifferentDatabaseName { get; set; }

    /// <summary>How the database tells what the replica has replayed, so that a session sees what it wrote.</summary>
    /// <value>Default null: the provider's own of <see cref="PositionSources"/>.</value>
    public IPositionSource? PositionSource { get; set; }

    /// <summary>How long a session reads from the primary after a write, where there is no <see cref="PositionSource"/>.</summary>
    /// <value>Default 2 seconds, as in Rails. Zero: a session may miss its own write.</value>
    public TimeSpan WriteWindow { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a query waits for a replica that has not replayed what its session needs, before it runs on the primary.</summary>
    /// <value>
    /// Default zero: asked once. The primary answers in one round trip, so every further question to the replica makes the query slower than the
    /// primary would; wait if it is the primary's load that you want to save.
    /// </value>
    public TimeSpan MaxWait { get; set; }

    /// <summary>Whether a session's queries never see time go backwards, also when one reads from the primary and the next from the replica.</summary>
    /// <value>
    /// Default <see langword="true"/>. If not, only a session's own writes count. What a query reads inside a command, in its caller's transaction or in
    /// <see cref="RouteScope.ForcePrimary"/> never counts.
    /// </value>
    public bool MonotonicReads { get; set; } = true;

    /// <summary>Whether the replica's connection string leads to several servers, so that two queries of one session may be answered by different ones.</summary>
    /// <value>
    /// Default null: only where Npgsql is given several hosts. A load balancer cannot be recognised: say <see langword="true"/> for it. Then every
    /// session remembers what its queries saw, which costs a round trip to the replica per query, and what it wrote for as long as its token lives.
    /// </value>
    public bool? LoadBalanced { get; set; }

    /// <exception cref="ArgumentOutOfRangeException">A time is negative.</exception>
    internal void Validate()
    {
        EnsureNotNegative(WriteWindow, nameof(WriteWindow));
        EnsureNotNegative(MaxWait, nameof(MaxWait));
    }

    private static void EnsureNotNegative(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(ReplicaOptions)}.{name} is negative. Use TimeSpan.Zero to turn it off.");
    }
}
