using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Scopes;

/// <summary>What a query has read from its replica, and whether it may turn to the primary after all.</summary>
internal sealed partial class RouteFrame
{
    private const sbyte NoRung = -1;

    private sbyte _rung = NoRung;
    private volatile Vouch _vouch;

    /// <summary>
    /// The replica cannot serve this query and those around it: what they read from now on must not be older than what was written, or read, on the primary.
    /// </summary>
    public void EscalateAll(RouteReason reason)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
        {
            if (frame.Decision.Route == DatabaseRole.Primary)
                continue;

            frame.EscalateSpan();
            frame.Decision = new(DatabaseRole.Primary, reason);
        }
    }

    // A command has run inside this query, which is allowed: what the query reads from now on has to show it.
    private void CommandRan()
    {
        EscalateAll(RouteReason.AfterInnerCommand);
        Shadow?.WouldRun(RouteReason.AfterInnerCommand);
    }

    /// <summary>Whether this query has turned to the primary because its replica could not serve it.</summary>
    public bool HasFallenBack => Volatile.Read(ref _rung) != NoRung;

    /// <summary>The query turns to the primary on this rung.</summary>
    /// <returns>Whether it had not got that far before: each of its contexts may turn back by itself.</returns>
    public bool FallBack(FallbackStage rung)
    {
        for (var before = Volatile.Read(ref _rung); before < (sbyte)rung;)
        {
            var seen = Interlocked.CompareExchange(ref _rung, (sbyte)rung, before);
            if (seen == before)
                return true;
            before = seen;
        }

        return false;
    }

    /// <summary>A context reads from the replica for this query, and for those around it.</summary>
    public void AddReplicaReader(IRetryParticipant context, ReplicaHealth health)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
            frame.AddReader(context, health);
    }

    /// <summary>A context has gone to the primary: what fails from now on is not the replica's fault.</summary>
    public void RemoveReplicaReader(IRetryParticipant context)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
            frame.Readers?.Leave(frame, context);
    }

    /// <summary>A context that has read from the replica was disposed, or went back to its pool.</summary>
    public void ForgetReader(IRetryParticipant context, Exception? failure)
    {
        for (var frame = this; frame is not null; frame = frame.Parent)
            frame.Readers?.Forget(frame, context, failure);
    }

    /// <summary>This query, and those around it, did something of which nobody can tell whether it may be done twice.</summary>
    /// <param name="onReplica">Whether that is to take the bare connection of a replica.</param>
    public void MarkNotRetryable(bool onReplica = false)
    {
        for (var frame = this; frame is { IsQuery: true }; frame = frame.Outer)
        {
            if (onReplica)
                Interlocked.CompareExchange(ref frame._vouch, Vouch.OfReplica, Vouch.Full);
            else
                frame._vouch = Vouch.None;
        }
    }

    /// <summary>What made this query fail on the replica, if the query may run again for it; null otherwise.</summary>
    /// <remarks>It may have been sent to the primary already, by another of its contexts or by a query inside it, while this reading went on.</remarks>
    public ReplicaRead? FindFailedRead(Exception error) =>
        IsQuery && _vouch == Vouch.Full && Readers is { } readers && readers.FailedIn(this, error) is { } failed && readers.CanRetry(this) ? failed : null;

    /// <summary>A statement of this query could run on neither server, as one of its contexts is tied to the replica. What the handler makes of the error is no answer.</summary>
    public void Interrupt(TracksInReplicaTransactionException interruption) => Readers?.Interrupt(this, interruption);

    /// <summary>The error that a statement got for it; null if there was none, or the handler runs again.</summary>
    public TracksInReplicaTransactionException? Interruption => Readers?.InterruptionOf(this);

    /// <summary>Whether the handler may run again for a reason that is not the replica's.</summary>
    /// <remarks>Also after the bare connection of a replica was taken: what can be written there at all is written on the wrong server, once as well as twice.</remarks>
    public bool CanRetry => IsQuery && _vouch != Vouch.None && Readers?.CanRetry(this) != false;

    /// <summary>Lets go of what the query read from the replica: its handler is about to run again.</summary>
    public void PrepareRetry() => Readers?.PrepareRetry(this);

    // The handler around may have swallowed the error, too.
    private void PassOnInterruption()
    {
        if (Interruption is { } interruption && Outer is { IsQuery: true } outer)
            outer.Interrupt(interruption);
    }

    private enum Vouch : byte
    {
        Full,
        OfReplica,
        None,
    }
}
