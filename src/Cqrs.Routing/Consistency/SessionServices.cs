using System.Collections.Concurrent;
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
        var reading = await probe.ReadAsync(async, cancellationToken).ConfigureAwait(false);
        if (reading.Problem is not null)
            Report("primary", reading.Problem);
        else if (reading.Position is { } position && (_databases.Count < MaxDatabases || _databases.ContainsKey(probe.Key)))
            _databases[probe.Key] = position.Database;
        return reading;
    }

    /// <summary>Says once what keeps sessions on the primary.</summary>
    public void Report(string server, string problem)
    {
        if (_problems.Count < MaxProblems && _problems.TryAdd(server + problem, true))
            Log.PositionUnreadable(_logger, server, problem);
    }

    /// <summary>Whether a replica replays what this primary writes, as far as the primary was read before.</summary>
    public bool IsCopyOf(PrimaryProbe primary, ReplicationPosition replica, Type context)
    {
        if (!_databases.TryGetValue(primary.Key, out var written) || written == replica.Database)
            return true;

        if (_problems.Count < MaxProblems && _problems.TryAdd(written + replica.Database, true))
            Log.OtherReplica(_logger, context.Name, replica.Database, written);
        return false;
    }

    /// <summary>The timeline of a database, by the name that its positions carry.</summary>
    public PrimaryTimeline TimelineOf(string database) => _timelines.GetOrAdd(database, static (_, clock) => new(clock), clock);

    /// <summary>Adds what the primary has now to its timeline.</summary>
    public async ValueTask<bool> SampleAsync(PrimaryTimeline timeline, PrimaryProbe probe, bool async, CancellationToken cancellationToken)
    {
        var takenAt = clock.GetTimestamp();
        var reading = await ReadAsync(probe, async, cancellationToken).ConfigureAwait(false);
        if (reading.Position is not { } position)
            return false;

        timeline.Add(takenAt, position.Value);
        return true;
    }

    /// <summary>Whatever the primary had at a time, and the replica has now, is no older than that time.</summary>
    /// <returns>Why the primary has to serve a query that may read nothing older than the limit, or null.</returns>
    public async ValueTask<RouteReason?> JudgeAgeAsync(
        ReplicationPosition replayed, TimeSpan limit, PrimaryProbe primary, bool async, CancellationToken cancellationToken)
    {
        var timeline = TimelineOf(replayed.Database);
        if (timeline.IsDue(limit) && !await SampleAsync(timeline, primary, async, cancellationToken).ConfigureAwait(false))
            return RouteReason.PositionUnknown;
        return timeline.HadAtMost(replayed.Value, limit) ? null : RouteReason.TooStale;
    }
}
