namespace Cqrs.Routing.Positions;

/// <summary>Holds the answer to a position command: a position, or the reason why there is none, and its exception if there is one.</summary>
internal readonly record struct PositionResult(ReplicationPosition? Position, string? Problem, Exception? Error = null)
{
    public static PositionResult FromError(Exception e) => new(null, $"{e.GetType().Name}: {e.Message}", e);
}
