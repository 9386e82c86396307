using System.Diagnostics;

namespace Cqrs.Routing.Positions;

/// <summary>Waits until a replica has what its primary has now.</summary>
/// <param name="context">For messages.</param>
/// <param name="primary">Reads the primary's position.</param>
/// <param name="source">Reads the replica's.</param>
/// <param name="connect">Opens a connection to the replica.</param>
internal sealed class ReplicaCatchUp(string context, PrimaryPositionReader primary, IPositionSource source, SideConnection connect)
{
    /// <exception cref="InvalidOperationException">The primary does not tell its position, or the replica replays another database.</exception>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        PositionResult? last = null;
        ReplicationPosition? goal = null;
        try
        {
            var written = await primary.ReadAsync(async: true, limit.Token).ConfigureAwait(false);
            goal = written.Position ?? throw new InvalidOperationException($"The primary of {context} does not tell its position: {written.Problem}.");
            var backoff = default(Backoff);
            while (true)
            {
                last = await PositionQuery.ReadAsync(source, source.ReplicaCommandText, connect, async: true, limit.Token).ConfigureAwait(false);
                if (last?.Position is { } has && HasReached(has, goal.Value))
                    return;
                await backoff.PauseAsync(async: true, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is not InvalidOperationException)
        {
            throw new TimeoutException(Message(goal, last, Stopwatch.GetElapsedTime(began)), e);
        }
    }

    private bool HasReached(ReplicationPosition has, ReplicationPosition goal) => has.Database == goal.Database
        ? has.IsComparableTo(goal) && has.Value >= goal.Value
        : throw new InvalidOperationException($"The replica of {context} replays another database ({has.Database}) than its primary writes ({goal.Database}), so it will never catch up.");

    private string Message(ReplicationPosition? goal, PositionResult? last, TimeSpan waited) =>
        $"The replica of {context} has not caught up in {waited.TotalSeconds:0.###} seconds: " + (goal, last) switch
        {
            (null, _) => "the primary did not answer.",
            (_, { Position: { } has }) when !has.IsComparableTo(goal.Value) => $"it follows timeline {has.Timeline}, and its primary is on {goal.Value.Timeline}. Was another server promoted?",
            (_, { Position: { } has }) => $"it got to {has.Value} of {goal.Value.Value}, so {goal.Value.Value - has.Value} are missing. Is replication running?",
            (_, { Problem: { } problem }) => $"it did not tell its position ({problem}).",
            _ => "it did not answer.",
        };
}
