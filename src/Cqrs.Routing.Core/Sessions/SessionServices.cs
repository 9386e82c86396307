using System.Collections.Concurrent;
using System.Data.Common;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cqrs.Routing.Sessions;

/// <summary>Holds the state that all sessions share. Singleton; thread safe.</summary>
internal sealed class SessionServices(SessionTokens tokens, TimeProvider timeProvider, ILoggerFactory? loggerFactory = null, IServiceProvider? root = null)
{
    private const int MaxDatabases = 1000;

    private readonly ILogger _logger = loggerFactory?.CreateLogger(Log.Category) ?? NullLogger.Instance;
    private readonly LogOnce _notices = new();
    private readonly ConcurrentDictionary<Endpoint, Known> _primaries = new();
    private readonly ConcurrentDictionary<string, PositionHistory> _histories = new();
    private volatile bool _hasLeft;

    public SessionTokens Tokens => tokens;

    public SessionClock Clock => tokens.Clock;

    /// <summary>Finds a singleton of the application for code that has no service provider; null if it is not registered.</summary>
    public TService? Find<TService>()
        where TService : class
        => root?.GetService(typeof(TService)) as TService;

    /// <summary>Reads a primary's position outside any ambient transaction, because its connection must not enlist.</summary>
    public async ValueTask<PositionResult> ReadAsync(PrimaryPositionReader probe, bool async, CancellationToken cancellationToken)
    {
        using var hidden = AmbientTransactions.Get() == AmbientTransactionState.None ? null : AmbientTransactions.Suppress();
        var takenAt = timeProvider.GetTimestamp();
        var reading = await probe.ReadAsync(async, cancellationToken).ConfigureAwait(false);
        LogProblemOnce("primary", reading);
        if (reading.Position is { } position)
        {
            Remember(probe, position, takenAt);
            GetHistory(position).Add(takenAt, position.Value);
        }

        return reading;
    }

    /// <summary>Returns whether a container is the application's root and not a scope. A session's state would never expire there.</summary>
    public bool IsRoot(IServiceProvider container) => ReferenceEquals(container, root) || container is ServiceProvider;

    /// <summary>
    /// Logs once the problem of a position result, if there is one. Database errors of one kind are one problem, because their texts may contain times or differ in other
    /// ways.
    /// </summary>
    public void LogProblemOnce(string server, PositionResult reading)
    {
        if (reading.Problem is { } problem)
            LogProblemOnce(server, reading.Error is DbException error ? ErrorCode.Get(error) : problem, problem);
    }

    /// <summary>Returns the database of a primary; null if the primary was not asked yet.</summary>
    public string? DatabaseOf(PrimaryPositionReader primary) => _primaries.TryGetValue(primary.Key, out var known) ? known.Position.Database : null;

    /// <summary>Returns whether a new position sample of a primary is due for an answer that may be at most this old.</summary>
    public bool IsSampleDue(PrimaryPositionReader primary, TimeSpan span) => !_primaries.TryGetValue(primary.Key, out var known) || GetHistory(known.Position).IsDue(span);

    /// <summary>Returns whether a replica replays the database of a primary. It returns false if the primary was not asked yet.</summary>
    public bool IsReplicaOf(PrimaryPositionReader primary, ReplicationPosition replica, Type context)
    {
        if (!_primaries.TryGetValue(primary.Key, out var known))
            return false;
        if (known.Position.Database == replica.Database)
            return true;

        if (_notices.IsFirst(known.Position.Database + replica.Database))
            Log.OtherReplica(_logger, context.Name, replica.Database, known.Position.Database);
        return false;
    }

    /// <summary>
    /// Returns whether a replica follows another timeline, or is ahead of a primary that was restored from a backup. A replica may be ahead of the known position of a
    /// primary that was not restored.
    /// </summary>
    public bool IsOnOtherTimeline(PrimaryPositionReader primary, ReplicationPosition replica) =>
        _primaries.TryGetValue(primary.Key, out var known)
        && (!known.Position.IsComparableTo(replica) || (known.WentBackwards && replica.Value > known.Position.Value));

    /// <summary>Logs once that a primary's position went backwards.</summary>
    public void ReportBackwards(ReplicationPosition position)
    {
        if (_notices.IsFirst(nameof(Log.PositionWentBackwards) + position.Database))
            Log.PositionWentBackwards(_logger, position.Database);
    }

    /// <summary>Returns the position history of the primary for the timeline of a position.</summary>
    public PositionHistory GetHistory(ReplicationPosition position) =>
        _histories.GetOrAdd(position.Timeline is null ? position.Database : $"{position.Database}/{position.Timeline}", static (_, timeProvider) => new(timeProvider), timeProvider);

    /// <summary>Records that a session ended with its scope and its state was not passed on.</summary>
    public void WasLeft(bool ranCommand) => _hasLeft |= ranCommand;

    /// <summary>
    /// Records a query that reads from a replica without position requirements. Logs once if commands ran in other scopes, because the query may belong to a user who
    /// expects to see their writes.
    /// </summary>
    public void ReadBlank(bool isCarried)
    {
        if (_hasLeft && !isCarried && _notices.IsFirst(nameof(Log.SessionNotCarried)))
            Log.SessionNotCarried(_logger);
    }

    // If a question was sent after another answer had arrived, its own answer cannot be the older one.
    private void Remember(PrimaryPositionReader probe, ReplicationPosition position, long takenAt)
    {
        // A removed primary is asked again when its position is needed.
        if (_primaries.Count >= MaxDatabases && !_primaries.ContainsKey(probe.Key))
            _primaries.TryRemove(_primaries.First());

        var now = timeProvider.GetTimestamp();
        var next = _primaries.AddOrUpdate(probe.Key, _ => new(position, now, false), (_, known) =>
            !known.Position.IsComparableTo(position) ? new(position, now, false)
            : position.Value >= known.Position.Value ? known with { Position = position, ReadAt = now }
            : takenAt > known.ReadAt ? new(position, now, WentBackwards: true)
            : known);
        if (next.WentBackwards)
            ReportBackwards(position);
    }

    /// <summary>Warns once that a query's limit on staleness cannot be compared with anything.</summary>
    public void ReportUnknownStaleness(string request, Type context)
    {
        if (_notices.IsFirst(nameof(Log.StalenessUnknown) + request, context))
            Log.StalenessUnknown(_logger, request, TypeNames.Format(context));
    }

    /// <summary>Warns once that a query answered with something that reads later.</summary>
    public void ReportDeferredAnswer(string request, string answer)
    {
        if (_notices.IsFirst(nameof(Log.DeferredAnswer) + request))
            Log.DeferredAnswer(_logger, request, answer);
    }

    private void LogProblemOnce(string server, string kind, string problem)
    {
        if (_notices.IsFirst(server + kind))
            Log.PositionUnreadable(_logger, server, problem);
    }

    /// <param name="Position">The primary's last position.</param>
    /// <param name="ReadAt">The timestamp when the answer arrived.</param>
    /// <param name="WentBackwards">Whether an earlier answer reported a higher position.</param>
    private sealed record Known(ReplicationPosition Position, long ReadAt, bool WentBackwards);
}
