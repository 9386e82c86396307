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

    /// <summary>How long a session reads from the primary after a command, where there is no <see cref="PositionSource"/>.</summary>
    /// <value>
    /// Default 2 seconds, as in Rails. Zero: a session may miss its own write. On another instance of the application it lasts longer, by what that one's clock may be ahead: a minute, or less where
    /// fresh tokens show it.
    /// </value>
    public TimeSpan RecentWriteWindow { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a query waits for a replica that has not replayed what its session needs, before it runs on the primary.</summary>
    /// <value>
    /// Default zero: asked once. The primary answers in one round trip, so every further question to the replica makes the query slower than the
    /// primary would; wait if it is the primary's load that you want to save.
    /// </value>
    public TimeSpan MaxCatchUpWait { get; set; }

    /// <summary>Whether a session's queries never see time go backwards, also when one reads from the primary and the next from the replica.</summary>
    /// <value>
    /// Default <see langword="true"/>, until the replica has what the session itself wrote: then a session returns to it once it has what was seen by then too, and what others wrote after that may be missed for a
    /// moment. A query that tracks, or asks for the primary, counts as one that saw something. With <see cref="MaxCatchUpWait"/> above the lag nothing is missed. If not, only a session's own writes count. What a query reads inside a command, in its caller's transaction or in
    /// <see cref="RouteScope.ForcePrimary"/> never counts.
    /// </value>
    public bool MonotonicReads { get; set; } = true;

    /// <summary>Whether the replica's connection string leads to several servers, so that two queries of one session may be answered by different ones.</summary>
    /// <value>
    /// Default null: only where Npgsql is given several hosts. A load balancer cannot be recognised: say <see langword="true"/> for it. Then every
    /// session remembers what its queries saw, which costs a round trip to the replica per query, and what it wrote for as long as its token lives.
    /// </value>
    public bool? IsLoadBalanced { get; set; }

    /// <summary>Whether a query that the replica cannot serve is served by the primary.</summary>
    /// <value>Default <see langword="true"/>. If not, it fails with <see cref="ReplicaUnavailableException"/>, for teams that would rather fail than load the primary.</value>
    public bool FallbackToPrimary { get; set; } = true;

    /// <summary>How many queries per second may fall back, so that a replica's failure does not become the primary's; more fail with <see cref="ReplicaUnavailableException"/>.</summary>
    /// <value>
    /// Default 1,000 in each process, and as many at once: what one process of an application sends in ordinary use, and what one primary answers on the side. Null: any
    /// number.
    /// </value>
    public int? MaxFallbacksPerSecond { get; set; } = 1000;

    /// <summary>How long no query asks a replica that does not answer. Then it is probed, beside the queries; the first good answer brings it back.</summary>
    /// <value>Default 1 second, give or take a quarter, so that several processes do not probe at once. It doubles with each failed probe, up to four times as long.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How old the replica may be before queries go to the primary until it has recovered, where the database has positions.</summary>
    /// <value>
    /// Default null: no limit. With <see cref="MaxLagBytes"/> both limits have to be exceeded. Measured by positions, a quarter of the limit apart, so that one which lags by
    /// three quarters of it still serves. A limit for what queries may see is <see cref="MaxStalenessAttribute"/>.
    /// </value>
    public TimeSpan? MaxLag { get; set; }

    /// <summary>How much of the primary's log, in bytes, the replica may have left to replay before queries go to the primary until it has recovered.</summary>
    /// <value>Default null: no limit. With <see cref="MaxLag"/> both limits have to be exceeded. PostgreSQL only: other databases' positions are no bytes.</value>
    public long? MaxLagBytes { get; set; }

    /// <summary>How often the replica's role and lag are measured, beside the queries that use it; without queries nothing is.</summary>
    /// <value>
    /// Default 5 seconds (pgdog's), or a quarter of <see cref="MaxLag"/> where that is less; give or take a quarter. Zero: never, for a replica that is a copy by other means than
    /// its database's own replication.
    /// </value>
    public TimeSpan MonitorInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Tells what an error of the replica means, before the library's own table for the provider is asked.</summary>
    /// <value>Default null. Return null for what the table shall decide.</value>
    public Func<Exception, ReplicaErrorKind?>? ClassifyError { get; set; }

    internal List<string> DeclaredReads { get; } = [];

    /// <summary>Declares that procedures or functions only read, so that a query may call them: <c>EXEC dbo.GetOrders</c>, <c>CALL</c>, or in a <c>SELECT</c>.</summary>
    /// <param name="names">Their names, with a schema where the calls have one; upper and lower case and quotes make no difference. Calls of this add up.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException">There are no names, or one is null.</exception>
    /// <exception cref="ArgumentException">A name is blank, or none.</exception>
    /// <remarks>
    /// Default: none; a <c>SELECT</c> may call functions of the application all the same. What writes though it is declared is refused by the replica only: on the primary, where a query may run as well, nothing does. A query may
    /// be run again. For a single text: <see cref="Microsoft.EntityFrameworkCore.DeclaredReadQueryableExtensions.TagAsRead{T}"/>. Not thread safe, like all options.
    /// </remarks>
    public ReplicaOptions Reads(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
            SqlText.DeclaredReads.Parse(name);
        DeclaredReads.AddRange(names);
        return this;
    }

    /// <exception cref="ArgumentOutOfRangeException">A time or number is negative, or a limit is none.</exception>
    internal void Validate()
    {
        EnsureNotNegative(RecentWriteWindow, nameof(RecentWriteWindow));
        EnsureNotNegative(MaxCatchUpWait, nameof(MaxCatchUpWait));
        EnsureNotNegative(MonitorInterval, nameof(MonitorInterval));
        EnsureLimit(MaxLag is not { } lag || lag > TimeSpan.Zero, MaxLag, nameof(MaxLag));
        EnsureLimit(MaxLagBytes is not { } bytes || bytes > 0, MaxLagBytes, nameof(MaxLagBytes));
        if (BreakDuration <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(BreakDuration), BreakDuration, $"{nameof(ReplicaOptions)}.{nameof(BreakDuration)} is a time above zero; usually a second or a few.");
        if (MaxFallbacksPerSecond < 0)
            throw new ArgumentOutOfRangeException(nameof(MaxFallbacksPerSecond), MaxFallbacksPerSecond, $"{nameof(ReplicaOptions)}.{nameof(MaxFallbacksPerSecond)} is negative. Use null for any number, or FallBack = false for none.");
    }

    private static void EnsureNotNegative(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(ReplicaOptions)}.{name} is negative. Use TimeSpan.Zero to turn it off.");
    }

    private void EnsureLimit(bool isAboveZero, object? value, string name)
    {
        if (!isAboveZero)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(ReplicaOptions)}.{name} is a limit above zero. Use null for none.");
        if (value is not null && MonitorInterval == TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(MonitorInterval), MonitorInterval, $"{nameof(ReplicaOptions)}.{name} is set, but with {nameof(MonitorInterval)} zero nothing measures it.");
    }
}
