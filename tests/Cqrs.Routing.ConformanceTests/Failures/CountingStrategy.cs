using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>An application's own strategy, which retries nothing and has to be around every statement.</summary>
internal sealed class CountingStrategy(ExecutionStrategyDependencies dependencies, Action count) : IExecutionStrategy
{
    public bool RetriesOnFailure => false;

    public TResult Execute<TState, TResult>(
        TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
    {
        count();
        return operation(dependencies.CurrentContext.Context, state);
    }

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default)
    {
        count();
        return operation(dependencies.CurrentContext.Context, state, cancellationToken);
    }
}
