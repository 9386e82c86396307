using System.Collections.Concurrent;
using System.Data.Common;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cqrs.Routing.Sessions;

/// <summary>What all sessions share. Singleton; thread safe.</summary>
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

    /// <summary>Reads a primary's position, outside any ambient transaction: its connection must not enlist.</summary>
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

    /// <summary>Whether a container is the application's own, and no scope of it: what a session remembers there would never end.</summary>
    public bool IsRoot(IServiceProvider container) => ReferenceEquals(container, root) || container is ServiceProvider;

    /// <summary>Says once what keeps sessions on the primary.</summary>
    public void LogProblemOnce(string server, string problem) => LogProblemOnce(server, kind: problem, problem);

    /// <summary>The same of an answer, if it was none. A database's errors of one kind are one problem: their texts may tell times, or go on differently.</summary>
    public void LogProblemOnce(string server, PositionResult reading)
    {
        if (reading.Problem is { } problem)
            LogProblemOnce(server, reading.Error is DbException error ? ErrorCode.Get(error) : problem, problem);
    }

    /// <summary>The database that a primary writes; null if the primary was not asked yet.</summary>
    public string? DatabaseOf(PrimaryPositionReader primary) => _primaries.TryGetValue(primary.Key, out var known) ? known.Position.Database : null;

    /// <summary>Whether a primary is to be asked for a sample of where it is, for an answer that may be this old at most.</summary>
    public bool IsSampleDue(PrimaryPositionReader primary, TimeSpan span) => !_primaries.TryGetValue(primary.Key, out var known) || GetHistory(known.Position).IsDue(span);

    /// <summary>Whether a replica replays what a primary writes, as far as the primary was asked. Unknown means no.</summary>
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
    /// Whether a replica has what its primary did not have when it was asked last: it follows another timeline, or is ahead of a primary that was restored from a backup. Of one that was not
    /// restored, a replica may be ahead of what is known.
    /// </summary>
    public bool IsOnOtherTimeline(PrimaryPositionReader primary, ReplicationPosition replica) =>
        _primaries.TryGetValue(primary.Key, out var known)
        && (!known.Position.IsComparableTo(replica) || (known.WentBackwards && replica.Value > known.Position.Value));

    /// <summary>Says once that a primary's position went backwards.</summary>
    public void ReportBackwards(ReplicationPosition position)
    {
        if (_notices.IsFirst(nameof(Log.PositionWentBackwards) + position.Database))
            Log.PositionWentBackwards(_logger, position.Database);
    }

    /// <summary>Which position the primary had when, in the history that a position belongs to.</summary>
    public PositionHistory GetHistory(ReplicationPosition position) =>
        _histories.GetOrAdd(position.Timeline is null ? position.Database : $"{position.Database}/{position.Timeline}", static (_, timeProvider) => new(timeProvider), timeProvider);

    /// <summary>A session ended with its scope, and nobody carried it on.</summary>
    public void WasLeft(bool ranCommand) => _hasLeft |= ranCommand;

    /// <summary>A query reads from a replica whatever it holds. Where commands ran in scopes of their own, it may be one that should see what they wrote: that is said once.</summary>
    public void ReadBlank(bool isCarried)
    {
        if (_hasLeft && !isCarried && _notices.IsFirst(nameof(Log.SessionNotCarried)))
            Log.SessionNotCarried(_logger);
    }

    // An answer that was asked for only after another had come cannot be the older one.
    private void Remember(PrimaryPositionReader probe, ReplicationPosition position, long takenAt)
    {
        // Of so many, another one is asked again when it is needed.
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

    private void LogProblemOnce(string server, string kind, string problem)
    {
        if (_notices.IsFirst(server + kind))
            Log.PositionUnreadable(_logger, server, problem);
    }

    /// <param name="Position">A primary's last position.</param>
    /// <param name="ReadAt">When the answer had come.</param>
    /// <param name="WentBackwards">Whether it had been further before.</param>
    private sealed record Known(ReplicationPosition Position, long ReadAt, bool WentBackwards);
}
