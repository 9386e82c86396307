using System.Collections.Concurrent;
using System.Data.Common;
using Cqrs.Routing.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cqrs.Routing.Consistency;

/// <summary>What all sessions share. Singleton; thread safe.</summary>
internal sealed class SessionServices(SessionTokens tokens, TimeProvider clock, ILoggerFactory? loggerFactory = null)
{
    // Said once each; a message that differs every time must not grow this for ever.
    private const int MaxProblems = 100;
    private const int MaxDatabases = 1000;

    private readonly ILogger _logger = loggerFactory?.CreateLogger(Log.Category) ?? NullLogger.Instance;
    private readonly ConcurrentDictionary<string, bool> _problems = new();
    private readonly ConcurrentDictionary<string, string> _databases = new();
    private readonly ConcurrentDictionary<string, PrimaryTimeline> _timelines = new();

    public SessionTokens Tokens => tokens;

    public TimeProvider Clock => clock;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Reads a primary's position, outside any ambient transaction: its connection must not enlist.</summary>
    public async ValueTask<PositionReading> ReadAsync(PrimaryProbe probe, bool async, CancellationToken cancellationToken)
    {
        using var hidden = AmbientTransactions.Find() == AmbientTransaction.None ? null : AmbientTransactions.Suppress();
        var takenAt = clock.GetTimestamp();
        var reading = await probe.ReadAsync(async, cancellationToken).ConfigureAwait(false);
        Report("primary", reading);
        if (reading.Position is { } position)
        {
            if (_databases.Count < MaxDatabases || _databases.ContainsKey(probe.Key))
                _databases[probe.Key] = position.Database;
            TimelineOf(position.Database).Add(takenAt, position.Value);
        }

        return reading;
    }

    /// <summary>Says once what keeps sessions on the primary.</summary>
    public void Report(string server, string problem) => Report(server, kind: problem, problem);

    /// <summary>The same of an answer, if it was none. A database's errors of one kind are one problem: their texts may tell times, or go on differently.</summary>
    public void Report(string server, PositionReading reading)
    {
        if (reading.Problem is { } problem)
            Report(server, reading.Error is DbException error ? ErrorName.Of(error) : problem, problem);
    }

    /// <summary>Makes sure that it is known which database this primary writes, and where it was lately: else it is read.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="span">How old an answer may be that the primary's past is needed for; null if only its database is.</param>
    /// <param name="async">Whether to wait asynchronously.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it is known.</returns>
    public async ValueTask<bool> KnowsAsync(PrimaryProbe primary, TimeSpan? span, bool async, CancellationToken cancellationToken) =>
        (_databases.TryGetValue(primary.Key, out var database) && !(span is { } limit && TimelineOf(database).IsDue(limit)))
        || (await ReadAsync(primary, async, cancellationToken).ConfigureAwait(false)).Position is not null;

    /// <summary>Whether a replica replays what this primary writes. Unknown means no: see <see cref="KnowsAsync"/>.</summary>
    public bool IsCopyOf(PrimaryProbe primary, ReplicationPosition replica, Type context)
    {
        if (!_databases.TryGetValue(primary.Key, out var written))
            return false;
        if (written == replica.Database)
            return true;

        if (_problems.Count < MaxProblems && _problems.TryAdd(written + replica.Database, true))
            Log.OtherReplica(_logger, context.Name, replica.Database, written);
        return false;
    }

    /// <summary>The timeline of a database, by the name that its positions carry.</summary>
    public PrimaryTimeline TimelineOf(string database) => _timelines.GetOrAdd(database, static (_, clock) => new(clock), clock);

    private void Report(string server, string kind, string problem)
    {
        if (_problems.Count < MaxProblems && _problems.TryAdd(server + kind, true))
            Log.PositionUnreadable(_logger, server, problem);
    }
}
