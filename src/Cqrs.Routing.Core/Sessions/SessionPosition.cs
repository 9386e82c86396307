using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>The position that a session requires from replicas of one database.</summary>
/// <param name="Written">The primary's position when it was last asked after the session's last command. A replica must have reached it.</param>
/// <param name="Seen">
/// The position that the session's queries saw, including writes of others. A replica must have reached it, unless the primary is so busy that this would never happen.
/// </param>
/// <param name="Commands">The number of commands that the session had run when the primary was asked for <paramref name="Written"/>.</param>
/// <param name="IsHeld">
/// Whether a replica had reached <paramref name="Written"/> but not <paramref name="Seen"/>. Until one reaches both, <paramref name="Seen"/> is not raised. If each query
/// raised it, a session could never return to a replica while others write all the time.
/// </param>
/// <param name="At">The time when the position was last raised.</param>
internal readonly record struct SessionPosition(ReplicationPosition Written, UInt128 Seen, int Commands, bool IsHeld, Stamp At)
{
    public string Database => Written.Database;

    public UInt128 Required => UInt128.Max(Written.Value, Seen);
}
