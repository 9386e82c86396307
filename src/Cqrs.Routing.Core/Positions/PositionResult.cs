namespace Cqrs.Routing.Positions;

/// <summary>The answer to a position command: a position, or why there is none, and the exception if that is why.</summary>
internal readonly record struct PositionResult(ReplicationPosition? Position, string? Problem, Exception? Error = null)
{
    public static PositionResult FromError(Exception e) => new(null, $"{e.GetType().Name}: {e.Message}", e);
}
