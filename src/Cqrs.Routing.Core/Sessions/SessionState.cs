using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>What a token carries.</summary>
/// <param name="Command">When the session's last command ran, if that has to be remembered.</param>
/// <param name="Marks">What it needs of databases whose primary was asked; <see cref="SessionPosition.Commands"/> is one if that was after the last command, else zero.</param>
/// <param name="PinnedUntil">Until when all its queries read from the primary.</param>
/// <param name="Id">Names a token that says only that a command ran (<see cref="RoutingSession.CreateAskToken"/>); zero for others.</param>
/// <param name="Covered">The names of such tokens that this one contains.</param>
internal sealed record SessionState(Stamp? Command, IReadOnlyList<SessionPosition> Marks, Stamp? PinnedUntil, ulong Id, IReadOnlyList<ulong> Covered)
{
    public bool IsEmpty => Command is null && Marks.Count == 0 && PinnedUntil is null;
}
