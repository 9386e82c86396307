using System.Numerics;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>On which of its two connections a context opened what EF has open, whatever the drivers say.</summary>
internal sealed class OpenConnectionStack
{
    // A bit each, the last in front. Of more than 64 at a time, which nobody opens who also closes them, the first count as the primary's.
    private ulong _onReplica;
    private int _count;
    private int _byHand;

    public int Count => _count;

    public bool Any => _count > 0;

    public bool AnyOnReplica => _onReplica != 0;

    public bool AnyOnPrimary => _count > BitOperations.PopCount(_onReplica);

    /// <summary>Whether the last one was opened on the replica.</summary>
    public bool LastIsReplica => (_onReplica & 1) == 1;

    /// <summary>Whether the last one was opened on the replica, and no other was.</summary>
    public bool LastIsOnlyOnReplica => _onReplica == 1;

    /// <summary>Whether the application has opened one by hand since none was open. Which one it closes, it does not say, so that holds until all are closed.</summary>
    public bool IsByHand => _byHand > 0;

    /// <summary>Whether EF has one open for itself: what it reads there is not read to its end.</summary>
    public bool IsReading => _count > _byHand;

    public void Push(bool onReplica, bool byHand)
    {
        _count++;
        _onReplica = (_onReplica << 1) | (onReplica ? 1UL : 0);
        if (byHand)
            _byHand++;
    }

    public void Pop()
    {
        _count--;
        _onReplica >>= 1;
        _byHand = Math.Min(_byHand, _count);
    }

    /// <summary>The replica's connection is gone, and all that was open there with it.</summary>
    public void LoseReplica()
    {
        _count -= BitOperations.PopCount(_onReplica);
        _onReplica = 0;
        _byHand = Math.Min(_byHand, _count);
    }

    public void Clear()
    {
        _count = 0;
        _onReplica = 0;
        _byHand = 0;
    }
}
