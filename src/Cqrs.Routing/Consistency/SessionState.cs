namespace Cqrs.Routing.Consistency;

/// <summary>What a token carries.</summary>
internal sealed record SessionState(IReadOnlyList<SessionMark> Marks, DateTimeOffset PinnedUntil)
{
    public bool IsEmpty => Marks.Count == 0 && PinnedUntil == default;
}
