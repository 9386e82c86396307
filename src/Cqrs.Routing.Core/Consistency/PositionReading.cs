namespace Cqrs.Routing.Consistency;

/// <summary>The answer to a position command: a position, or why there is none, and the exception if that is why.</summary>
internal readonly record struct PositionReading(ReplicationPosition? Position, string? Problem, Exception? Error = null)
{
    public static PositionReading Of(Exception e) => new(null, $"{e.GetType().Name}: {e.Message}", e);
}
