using System.Runtime.ExceptionServices;
using Cqrs.Routing.EntityFrameworkCore.Guard;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Runs one statement of a query again, on the primary, if the replica failed before it returned a row.</summary>
/// <remarks>
/// Runs inside the provider's own strategy, whose retries are therefore spent on the primary only. EF Core runs its statements through this strategy.
/// The application is responsible for operations that it passes to <c>CreateExecutionStrategy()</c>.
/// </remarks>
internal sealed class FallbackExecutionStrategy(IExecutionStrategy inner, RoutedConnection connection) : IExecutionStrategy
{
    // A provider's strategy that does not retry only rewrites errors, so it is called only for an error. Otherwise it would add one more asynchronous
    // method. A strategy that retries also reports no retries while it is suspended, and may retry later.
    private readonly bool _innerDoesNotRetry =
        inner is NonRetryingExecutionStrategy || (inner is not ExecutionStrategy && !inner.RetriesOnFailure && connection.IsProviderType(inner.GetType()));

    public bool RetriesOnFailure => inner.RetriesOnFailure;

    public TResult Execute<TState, TResult>(
        TState state, Func<DbContext, TState, TResult> operation, Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
    {
        if (verifySucceeded is not null)
            return inner.Execute(state, operation, verifySucceeded);
        if (!_innerDoesNotRetry)
            return inner.Execute((Strategy: this, state, operation), static (_, call) => call.Strategy.Run(call.state, call.operation), null);

        try
        {
            return Run(state, operation);
        }
        catch (Exception e)
        {
            return inner.Execute(e, Throw<TResult>, null);
        }
    }

    public Task<TResult> ExecuteAsync<TState, TResult>(
        TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default)
    {
        if (verifySucceeded is not null)
            return inner.ExecuteAsync(state, operation, verifySucceeded, cancellationToken);

        return _innerDoesNotRetry
            ? RunAsync(state, operation, cancellationToken)
            : inner.ExecuteAsync(
                (Strategy: this, state, operation),
                static (_, call, cancellationToken) => call.Strategy.RunAsync(call.state, call.operation, cancellationToken),
                null,
                cancellationToken);
    }

    private TResult Run<TState, TResult>(TState state, Func<DbContext, TState, TResult> operation)
    {
        connection.BeginStatement();
        try
        {
            try
            {
                return operation(connection.Context, state);
            }
            catch (Exception e) when (connection.Catches(e, CancellationToken.None))
            {
                connection.FallBack(e);
            }
            catch (Exception) when (connection.HasLeftOver)
            {
                connection.CloseLeftOver();
                throw;
            }

            return operation(connection.Context, state);
        }
        catch (Exception e) when (connection.IsUnguarded && WriteGuard.IsReadOnlyError(e))
        {
            WriteGuard.ReportReadOnlyError(e, connection.Context);
            throw;
        }
    }

    // A statement that completes synchronously needs no asynchronous method.
    private Task<TResult> RunAsync<TState, TResult>(
        TState state, Func<DbContext, TState, CancellationToken, Task<TResult>> operation, CancellationToken cancellationToken)
    {
        connection.BeginStatement();
        var running = Begin(state, operation, cancellationToken);
        return running is { IsCompletedSuccessfully: true } ? running : FinishAsync(running, state, operation, cancellationToken);
    }

    private Task<TResult> Begin<TState, TResult>(
        TState state, Func<DbContext, TState, CancellationToken, Task<TResult>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return operation(connection.Context, state, cancellationToken);
        }
        catch (Exception e)
        {
            return Task.FromException<TResult>(e);
        }
    }

    // An instance method with few parameters, because all of them are stored while the statement waits.
    private async Task<TResult> FinishAsync<TState, TResult>(
        Task<TResult> running, TState state, Func<DbContext, TState, CancellationToken, Task<TResult>> operation, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await running.ConfigureAwait(false);
            }
            catch (Exception e) when (connection.Catches(e, cancellationToken))
            {
                connection.FallBack(e);
            }
            catch (Exception) when (connection.HasLeftOver)
            {
                connection.CloseLeftOver();
                throw;
            }

            return await operation(connection.Context, state, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (connection.IsUnguarded && WriteGuard.IsReadOnlyError(e))
        {
            WriteGuard.ReportReadOnlyError(e, connection.Context);
            throw;
        }
        catch (Exception e) when (_innerDoesNotRetry)
        {
            return inner.Execute(e, Throw<TResult>, null);
        }
    }

    private static TResult Throw<TResult>(DbContext context, Exception error)
    {
        ExceptionDispatchInfo.Throw(error);
        return default;
    }
}
