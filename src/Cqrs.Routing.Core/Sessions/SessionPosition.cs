using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>What a session needs a replica of one database to have replayed.</summary>
/// <param name="Written">The primary's position after the session's last command, as far as it was asked. It has to be reached.</param>
/// <param name="Seen">What queries of the session saw, also of others. It has to be reached, unless the primary is so busy that this would never end.</param>
/// <param name="Commands">How many commands the session had run when the primary was asked for <paramref name="Written"/>.</param>
/// <param name="IsHeld">
/// Whether a replica had reached <paramref name="Written"/> and not <paramref name="Seen"/>. Until one has, <paramref name="Seen"/> is not raised: a session that raised it with each query would, on a
/// primary that others write to all the time, never get back to a replica.
/// </param>
/// <param name="At">When it was raised last.</param>
internal readonly record struct SessionPosition(ReplicationPosition Written, UInt128 Seen, int Commands, bool IsHeld, Stamp At)
{
    public string Database => Written.Database;

    public UInt128 Required => UInt128.Max(Written.Value, Seen);
}
