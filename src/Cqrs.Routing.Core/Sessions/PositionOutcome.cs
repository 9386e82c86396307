namespace Cqrs.Routing.Sessions;

/// <summary>The result of comparing a replica with the needs of a session.</summary>
internal enum PositionOutcome
{
    /// <summary>The replica has all that the session needs, or the session needs nothing of it.</summary>
    Reached,

    /// <summary>The replica lacks writes of the session, or the session ran a command after the primary was asked.</summary>
    LacksOwn,

    /// <summary>The replica has the session's writes, but lacks data of others that its queries saw.</summary>
    LacksSeen,

    /// <summary>The replica follows another timeline than the one that the session wrote to.</summary>
    OtherTimeline,
}
