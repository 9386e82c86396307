namespace Cqrs.Routing.Sessions;

/// <summary>Whether a replica has what a session needs.</summary>
internal enum PositionOutcome
{
    /// <summary>It has all, or the session needs nothing of it.</summary>
    Reached,

    /// <summary>It lacks what the session wrote; or the session ran a command since the primary was asked.</summary>
    LacksOwn,

    /// <summary>It has what the session wrote, and lacks what its queries saw of others.</summary>
    LacksSeen,

    /// <summary>It follows another timeline than the one that the session wrote to.</summary>
    OtherTimeline,
}
