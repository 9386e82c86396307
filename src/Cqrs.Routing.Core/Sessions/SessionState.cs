using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>The content of a token.</summary>
/// <param name="Command">The time of the session's last command; null if it need not be remembered.</param>
/// <param name="Positions">
/// The required positions for databases whose primary was asked. <see cref="SessionPosition.Commands"/> is one if the primary was asked after the last command, otherwise
/// zero.
/// </param>
/// <param name="PinnedUntil">The time until which all queries of the session read from the primary; null if they need not.</param>
/// <param name="Id">The id of a token that records only that a command ran (<see cref="RoutingSession.CreateAskToken"/>); zero for other tokens.</param>
/// <param name="Covered">The ids of such tokens that this token contains.</param>
internal sealed record SessionState(Stamp? Command, IReadOnlyList<SessionPosition> Positions, Stamp? PinnedUntil, ulong Id, IReadOnlyList<ulong> Covered)
{
    public bool IsEmpty => Command is null && Positions.Count == 0 && PinnedUntil is null;
}
