namespace Cqrs.Routing.Consistency;

/// <summary>What a session needs a replica to have replayed.</summary>
/// <param name="Position">The position.</param>
/// <param name="TakenAt">When it was read from the primary: it counts until the token's lifetime is over.</param>
internal readonly record struct SessionMark(ReplicationPosition Position, DateTimeOffset TakenAt);
