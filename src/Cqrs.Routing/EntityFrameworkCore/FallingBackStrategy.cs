using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Runs one statement of a query again, on the primary, if the replica failed it before it gave a row.</summary>
/// <remarks>
/// Inside the provider's own strategy, whose retries are thus spent on the primary alone. EF runs its statements through this; what an application passes to
/// <c>CreateExecutionStrategy()</c> is its own business.
/// </remarks>
internal sealed class FallingBackStrategy(IExecutionStrategy inner, RoutedConnection connection) : IExecutionStrategy
{
    public bool RetriesOnFailure => inner.RetriesOnFailure;

    public TResult Execute<TState, TResult>(
        TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
    {
        return verifySucceeded is null && connection.MayFallBack
            ? inner.Execute((connection, state, operation), static (context, call) => Run(context, call.connection, call.state, call.operation), null)
            : inner.Execute(state, operation, verifySucceeded);
    }

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default)
    {
        return verifySucceeded is null && connection.MayFallBack
            ? inner.ExecuteAsync(
                (connection, state, operation),
                static (context, call, cancellationToken) => RunAsync(context, call.connection, call.state, call.operation, cancellationToken),
                null,
                cancellationToken)
            : inner.ExecuteAsync(state, operation, verifySucceeded, cancellationToken);
    }

    private static TResult Run<TState, TResult>(DbContext context, RoutedConnection connection, TState state, Func<DbContext, TState, TResult> operation)
    {
        try
        {
            return operation(context, state);
        }
        catch (Exception e) when (connection.Catches(e, CancellationToken.None))
        {
            connection.FallBack(e);
        }

        return operation(context, state);
    }

    private static async Task<TResult> RunAsync<TState, TResult>(
        DbContext context,
        RoutedConnection connection,
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        CancellationToken cancellationToken)
    {
        try
        {
            return await operation(context, state, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (connection.Catches(e, cancellationToken))
        {
            connection.FallBack(e);
        }

        return await operation(context, state, cancellationToken).ConfigureAwait(false);
    }
}
