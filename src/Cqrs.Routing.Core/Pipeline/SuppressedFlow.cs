namespace Cqrs.Routing.Pipeline;

/// <summary>Handles callers that suppressed the flow of their state (<see cref="ExecutionContext.SuppressFlow"/>). The state of a request has to flow nevertheless.</summary>
internal static class SuppressedFlow
{
    public static bool IsSuppressed => ExecutionContext.IsFlowSuppressed();

    /// <summary>Runs work with a restored flow, up to its first await that is not completed, and suppresses the flow again.</summary>
    public static TResult Lift<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        ExecutionContext.RestoreFlow();
        try
        {
            return work(state);
        }
        finally
        {
            ExecutionContext.SuppressFlow();
        }
    }
}
