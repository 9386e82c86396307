using System.Numerics;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>Records on which of its two connections a context made each opening that EF Core has not closed, whatever the drivers report.</summary>
internal sealed class OpenConnectionStack
{
    // One bit per opening, the last one in the lowest bit. Beyond 64 at a time the oldest count as the primary's. Code that closes its connections
    // does not open so many.
    private ulong _onReplica;
    private int _count;
    private int _byHand;

    public int Count => _count;

    public bool Any => _count > 0;

    public bool AnyOnReplica => _onReplica != 0;

    public bool AnyOnPrimary => _count > BitOperations.PopCount(_onReplica);

    /// <summary>Gets whether the last opening was on the replica.</summary>
    public bool LastIsReplica => (_onReplica & 1) == 1;

    /// <summary>Gets whether the last opening was on the replica and is the only one there.</summary>
    public bool LastIsOnlyOnReplica => _onReplica == 1;

    /// <summary>
    /// Gets whether the application has opened a connection by hand since none was open. The application does not say which opening it closes, so the
    /// value stays true until all are closed.
    /// </summary>
    public bool IsByHand => _byHand > 0;

    /// <summary>Gets whether EF Core has a connection open for itself, which means that a reader has not reached its end.</summary>
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

    /// <summary>Removes all openings on the replica, because its connection is gone.</summary>
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
