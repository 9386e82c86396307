using System.Data.Common;
using System.Diagnostics;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Health;

/// <summary>Measures a replica once: whether it answers, its role, and its lag. It uses its own connections from the pools of both servers.</summary>
/// <remarks>It never holds one connection while it waits for another. In small pools that would block queries while the primary is busy.</remarks>
internal sealed class ReplicaProber(
    ReplicaHealth health, SideConnection primary, SideConnection replica, IPositionSource positions, ServerIdentityQuery identity, ReplicaOptions options)
{
    /// <summary>The time within which a healthy replica receives the primary's writes. Without commits, PostgreSQL's log writer runs every 200 milliseconds.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    private LagLimits Limits => health.Settings.Limits;

    /// <exception cref="OperationCanceledException">The operation was cancelled. Other failures are returned as measurements.</exception>
    public async Task<ReplicaStatus> MeasureAsync(CancellationToken cancellationToken)
    {
        ServerAnswer self;
        try
        {
            self = await AskAsync(replica, positionText: null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = health.Classify(e, opening: true, options);
            // An error of the application, for example of an interceptor that needs its request, does not show that the server failed.
            return failure == ReplicaErrorKind.Other && !health.IsTimeout(e)
                ? new(null, null, null) { Problem = Text(e) }
                : new(null, null, null) { Error = e, IsLost = health.RecordFailure(e, failure) };
        }

        // Any answer of the replica counts as a successful probe.
        var back = health.IsProbeDue && await health.ProbeAsync(onlyIfDue: true, static () => Task.CompletedTask).ConfigureAwait(false);
        // A server with neither identity nor position cannot be compared.
        return positions is NoPositions && self.Identity == ServerIdentity.Unknown
            ? new(null, null, null) { Problem = self.Problem, IsBack = back }
            : await CompareAsync(self, cancellationToken).ConfigureAwait(false) with { IsBack = back };
    }

    private async Task<ReplicaStatus> CompareAsync(ServerAnswer self, CancellationToken cancellationToken)
    {
        ServerAnswer other;
        // Read the primary before the replica's position: if the replica has that position now, its data is no older than the time of that read.
        var takenAt = health.Clock.GetTimestamp();
        try
        {
            other = await AskAsync(primary, positions is NoPositions ? null : positions.PrimaryCommandText, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, null, null) { Role = self.Identity.RoleBeside(ServerIdentity.Unknown), PrimaryError = Text(e), Problem = self.Problem };
        }

        var role = self.Identity.RoleBeside(other.Identity);
        return role switch
        {
            ReplicaRole.OtherDatabase or ReplicaRole.Promoted => new(RouteReason.NotAReplica, null, null) { Role = role },
            _ when other.Identity.IsReadOnly == true => new(null, null, null) { Role = role, IsPrimaryReadOnly = true },
            ReplicaRole.Primary => new(null, 0, TimeSpan.Zero) { Role = role },
            _ when positions is NoPositions => new(null, null, null) { Role = role, Problem = self.Problem ?? other.Problem },
            _ => await MeasureLagAsync(takenAt, other.Position, role, self.Problem ?? other.Problem, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<ReplicaStatus> MeasureLagAsync(long takenAt, PositionResult written, ReplicaRole role, string? problem, CancellationToken cancellationToken)
    {
        var replayed = await AskUntilReachedAsync(written, cancellationToken).ConfigureAwait(false);
        if (written.Position is not { } had || replayed.Position is not { } has)
            return new(null, null, null) { Role = role, Problem = problem ?? written.Problem ?? replayed.Problem };
        if (had.Database != has.Database)
            return new(RouteReason.NotAReplica, null, null) { Role = ReplicaRole.OtherDatabase };

        if (await IsAstrayAsync(had, has, cancellationToken).ConfigureAwait(false))
            return new(RouteReason.NotAReplica, null, null) { Role = ReplicaRole.OtherTimeline };

        var timeline = health.Monitor.GetHistory(had);
        timeline.Add(takenAt, had.Value);
        var time = timeline.AgeOf(has.Value);
        long? bytes = !identity.CountsBytes ? null : has.Value >= had.Value ? 0 : (long)(had.Value - has.Value);
        return new(Limits.AreExceededBy(time, bytes) ? RouteReason.ReplicaLagging : null, bytes, time) { Role = role, Problem = problem };
    }

    // A replica that was asked later may be ahead of the position read from the primary, but not ahead of the primary's position now.
    private async Task<bool> IsAstrayAsync(ReplicationPosition had, ReplicationPosition has, CancellationToken cancellationToken)
    {
        if (!had.IsComparableTo(has))
            return true;
        if (has.Value <= had.Value)
            return false;

        var now = await PositionQuery.ReadAsync(positions, positions.PrimaryCommandText, primary, async: true, cancellationToken).ConfigureAwait(false);
        return now.Position is { } position && position.IsComparableTo(has) && has.Value > position.Value;
    }

    // A busy primary is always ahead of the replica for a moment; this is not counted as lag.
    private async Task<PositionResult> AskUntilReachedAsync(PositionResult written, CancellationToken cancellationToken)
    {
        var patience = Limits.Time / 4 is { } part && part < Moment ? part : Moment;
        var began = Stopwatch.GetTimestamp();
        var backoff = new Backoff(TimeSpan.MaxValue);
        while (true)
        {
            var replayed = await PositionQuery.ReadAsync(positions, positions.ReplicaCommandText, replica, async: true, cancellationToken).ConfigureAwait(false);
            if (written.Position is not { } had || replayed.Position is not { } has || has.Value >= had.Value || Stopwatch.GetElapsedTime(began) + backoff.Next > patience)
                return replayed;

            await backoff.PauseAsync(async: true, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ServerAnswer> AskAsync(SideConnection connect, string? positionText, CancellationToken cancellationToken)
    {
        // A pool may return a dead connection once. After that failure it returns no other dead connection.
        for (var attempt = 1; ; attempt++)
        {
            var connection = await connect(async: true, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                try
                {
                    var (self, problem) = await IdentifyAsync(connection, cancellationToken).ConfigureAwait(false);
                    var position = positionText is null
                        ? default
                        : await PositionQuery.ReadAsync(positions, positionText, connection, null, async: true, cancellationToken).ConfigureAwait(false);
                    return new(self, problem, position);
                }
                catch (Exception) when (attempt == 1 && !cancellationToken.IsCancellationRequested)
                {
                    // Try once more.
                }
            }
        }
    }

    // A server that refuses the identity query can still serve; a server whose connection is lost cannot.
    private async Task<(ServerIdentity Identity, string? Problem)> IdentifyAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return (await identity.AskAsync(connection, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && health.Classify(e, opening: false, options) == ReplicaErrorKind.Other && !health.IsTimeout(e))
        {
            return (ServerIdentity.Unknown, Text(e));
        }
    }

    private static string Text(Exception e) => $"{e.GetType().Name}: {e.Message}";

    private sealed record ServerAnswer(ServerIdentity Identity, string? Problem, PositionResult Position);
}
