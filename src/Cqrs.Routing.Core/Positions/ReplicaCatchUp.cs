using System.Diagnostics;

namespace Cqrs.Routing.Positions;

/// <summary>Waits until a replica has replayed the primary's current position.</summary>
/// <param name="context">The name of the context, for messages.</param>
/// <param name="primary">The reader of the primary's position.</param>
/// <param name="source">The source of the replica's position.</param>
/// <param name="connect">The function that opens a connection to the replica.</param>
internal sealed class ReplicaCatchUp(string context, PrimaryPositionReader primary, IPositionSource source, SideConnection connect)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="InvalidOperationException">The primary's position cannot be read, or the replica replays another database.</exception>
    /// <exception cref="TimeoutException">The replica did not catch up within the timeout.</exception>
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
            goal = written.Position ?? throw new InvalidOperationException($"The position of the primary of {context} cannot be read: {written.Problem}. [CR237]");
            var backoff = new Backoff(LongestPause);
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
        : throw new InvalidOperationException($"The replica of {context} replays another database ({has.Database}) than its primary writes ({goal.Database}), so it will never catch up. [CR238]");

    private string Message(ReplicationPosition? goal, PositionResult? last, TimeSpan waited) =>
        $"The replica of {context} has not caught up in {waited.TotalSeconds:0.###} seconds: " + (goal, last) switch
        {
            (null, _) => "the primary did not answer.",
            (_, { Position: { } has }) when !has.IsComparableTo(goal.Value) => $"it follows timeline {has.Timeline}, and its primary is on {goal.Value.Timeline}. Was another server promoted?",
            (_, { Position: { } has }) => $"it has reached {has.Value} of {goal.Value.Value}, so {goal.Value.Value - has.Value} are missing. Is replication running?",
            (_, { Problem: { } problem }) => $"its position cannot be read ({problem}).",
            _ => "it did not answer.",
        } + " [CR239]";
}
