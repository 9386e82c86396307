namespace Cqrs.Routing.Pipeline;

/// <summary>A caller that suppressed the flow of its state (<see cref="ExecutionContext.SuppressFlow"/>) wants none of it to go along; what a request begins has to flow all the same.</summary>
internal static class SuppressedFlow
{
    public static bool IsSuppressed => ExecutionContext.IsFlowSuppressed();

    /// <summary>Runs with a flow, up to the first await that has to wait, and leaves it suppressed as it was.</summary>
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
