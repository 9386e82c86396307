namespace Cqrs.Routing;

/// <summary>The options of <c>UseReplica</c> for one replica. They are read when the options of the context are built.</summary>
public sealed class ReplicaOptions
{
    /// <summary>Gets or sets whether the replica's database may have another name than the primary's.</summary>
    /// <value>Default <see langword="false"/>: a different name is refused, because it is more often a mistake than a renamed copy. SQLite files have no name to compare.</value>
    public bool AllowDifferentDatabaseName { get; set; }

    /// <summary>Gets or sets the source of replication positions. With a position, a session reads its own writes.</summary>
    /// <value>Default null: the source for the provider, as listed in <see cref="PositionSources"/>.</value>
    public IPositionSource? PositionSource { get; set; }

    /// <summary>Gets or sets how long a session reads from the primary after a command if the database has no <see cref="PositionSource"/>.</summary>
    /// <value>
    /// Default 2 seconds, as in Rails. With zero, a session may miss its own write. On another instance of the application, the window is longer by the possible
    /// difference of the two clocks. That is a minute, or less if recent tokens show a smaller difference.
    /// </value>
    public TimeSpan RecentWriteWindow { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long a query waits for a replica that has not replayed the data its session needs. After that the query runs on the primary.</summary>
    /// <value>
    /// Default zero: the query asks the replica once. The primary answers in one round trip, so each further question to the replica makes the query slower than on the
    /// primary. Set a wait if you want to reduce the load of the primary.
    /// </value>
    public TimeSpan MaxCatchUpWait { get; set; }

    /// <summary>Gets or sets whether reads of a session are monotonic, even if one query reads from the primary and the next from the replica.</summary>
    /// <value>
    /// Default <see langword="true"/>, until the replica has replayed the session's own writes. A session that returns to the replica then also requires the data that it
    /// had seen by that time. For a moment, it may miss data that others wrote later. A tracking query, or a query that asks for the primary, counts as one that has seen
    /// data. If <see cref="MaxCatchUpWait"/> exceeds the lag, nothing is missed. With <see langword="false"/>, only a session's own writes count. Reads inside a command,
    /// in the caller's transaction or in <see cref="RouteScope.ForcePrimary"/> never count.
    /// </value>
    public bool MonotonicReads { get; set; } = true;

    /// <summary>Gets or sets whether the replica's connection string leads to several servers. Different servers may then answer two queries of one session.</summary>
    /// <value>
    /// Default null: true only if Npgsql is given several hosts. The library cannot recognise a load balancer; set <see langword="true"/> for it. Then every session
    /// records the positions that its queries saw, which costs a round trip to the replica per query. It also keeps the position of its writes for the lifetime of its
    /// token.
    /// </value>
    public bool? IsLoadBalanced { get; set; }

    /// <summary>Gets or sets whether the primary serves a query that the replica cannot serve.</summary>
    /// <value>
    /// Default <see langword="true"/>. With <see langword="false"/>, the query fails with <see cref="ReplicaUnavailableException"/>, for teams that prefer a failure to
    /// more load on the primary.
    /// </value>
    public bool FallbackToPrimary { get; set; } = true;

    /// <summary>
    /// Gets or sets how many queries per second may fall back to the primary. The limit keeps a failure of the replica from overloading the primary. Queries beyond it
    /// fail with <see cref="ReplicaUnavailableException"/>.
    /// </summary>
    /// <value>
    /// Default 1,000 per process, with a burst of the same size. One process of an application sends about that many in ordinary use, and one primary can answer them in
    /// addition to its own load. Null: no limit.
    /// </value>
    public int? MaxFallbacksPerSecond { get; set; } = 1000;

    /// <summary>
    /// Gets or sets how long queries avoid a replica that does not answer. After that time a probe runs in the background. The first successful probe lets queries use
    /// the replica again.
    /// </summary>
    /// <value>Default 1 second, plus or minus a quarter, so that several processes do not probe at once. The time doubles with each failed probe, up to four times the value.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the lag, as a time, above which queries go to the primary until the replica has recovered. Requires a database with positions.</summary>
    /// <value>
    /// Default null: no limit. With <see cref="MaxLagBytes"/>, both limits have to be exceeded. The lag is measured by positions that are read a quarter of the limit
    /// apart. A replica that lags by three quarters of the limit therefore still serves. For a limit on the data that a query may see, use
    /// <see cref="MaxStalenessAttribute"/>.
    /// </value>
    public TimeSpan? MaxLag { get; set; }

    /// <summary>Gets or sets the lag, in bytes of the primary's log left to replay, above which queries go to the primary until the replica recovers.</summary>
    /// <value>Default null: no limit. With <see cref="MaxLag"/>, both limits have to be exceeded. PostgreSQL only: the positions of other databases are not bytes.</value>
    public long? MaxLagBytes { get; set; }

    /// <summary>Gets or sets how often the replica's role and lag are measured in the background while queries use it. Without queries nothing is measured.</summary>
    /// <value>
    /// Default 5 seconds (the value of pgdog), or a quarter of <see cref="MaxLag"/> if that is less; plus or minus a quarter. Zero: never, for a replica that is not
    /// maintained by the database's own replication.
    /// </value>
    public TimeSpan MonitorInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets a function that classifies an error of the replica before the library's own table for the provider does.</summary>
    /// <value>Default null. The function returns null for an error that the table should classify.</value>
    public Func<Exception, ReplicaErrorKind?>? ClassifyError { get; set; }

    internal List<string> DeclaredReads { get; } = [];

    /// <summary>Declares that procedures or functions only read, so that a query may call them: <c>EXEC dbo.GetOrders</c>, <c>CALL</c>, or in a <c>SELECT</c>.</summary>
    /// <param name="names">The names, with a schema if the calls have one. Case and quotes make no difference. Several calls of this method add up.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException">The array is null, or a name is null.</exception>
    /// <exception cref="ArgumentException">A name is blank, or is not the name of a procedure or function.</exception>
    /// <remarks>
    /// By default nothing is declared, and a <c>SELECT</c> may call functions of the application. Only the replica refuses a declared procedure or function that writes.
    /// On the primary, where a query may also run, nothing refuses it. A query may be run again. For a single statement, use
    /// <see cref="Microsoft.EntityFrameworkCore.DeclaredReadQueryableExtensions.TagAsRead{T}"/>. Not thread safe, like all options.
    /// </remarks>
    public ReplicaOptions Reads(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
            SqlText.DeclaredReads.Parse(name);
        DeclaredReads.AddRange(names);
        return this;
    }

    /// <exception cref="ArgumentOutOfRangeException">A time or number is negative, or a limit is zero.</exception>
    internal void Validate()
    {
        EnsureNotNegative(RecentWriteWindow, nameof(RecentWriteWindow));
        EnsureNotNegative(MaxCatchUpWait, nameof(MaxCatchUpWait));
        EnsureNotNegative(MonitorInterval, nameof(MonitorInterval));
        EnsureLimit(MaxLag is not { } lag || lag > TimeSpan.Zero, MaxLag, nameof(MaxLag));
        EnsureLimit(MaxLagBytes is not { } bytes || bytes > 0, MaxLagBytes, nameof(MaxLagBytes));
        if (BreakDuration <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(BreakDuration), BreakDuration, $"{nameof(ReplicaOptions)}.{nameof(BreakDuration)} must be above zero; usually it is one second or a few seconds. [CR213]");
        if (MaxFallbacksPerSecond < 0)
            throw new ArgumentOutOfRangeException(nameof(MaxFallbacksPerSecond), MaxFallbacksPerSecond, $"{nameof(ReplicaOptions)}.{nameof(MaxFallbacksPerSecond)} is negative. Use null for no limit, or FallbackToPrimary = false to let no query fall back. [CR214]");
    }

    private static void EnsureNotNegative(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(ReplicaOptions)}.{name} is negative. Use TimeSpan.Zero to turn it off. [CR215]");
    }

    private void EnsureLimit(bool isAboveZero, object? value, string name)
    {
        if (!isAboveZero)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(ReplicaOptions)}.{name} must be above zero. Use null for no limit. [CR216]");
        if (value is not null && MonitorInterval == TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(MonitorInterval), MonitorInterval, $"{nameof(ReplicaOptions)}.{name} is set, but with {nameof(MonitorInterval)} zero nothing measures it. [CR217]");
    }
}
