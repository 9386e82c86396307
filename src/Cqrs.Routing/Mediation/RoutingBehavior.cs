using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;
using MediatR;

namespace Cqrs.Routing.Mediation;

/// <summary>Outermost behavior of every request: while it runs, the contexts that the request uses follow its route.</summary>
/// <remarks>No generic constraint: the container would drop the behavior silently for the requests that do not meet it.</remarks>
internal sealed class RoutingBehavior<TRequest, TResponse>(RoutedRequest<TRequest> request, IServiceProvider services) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(TRequest message, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        // A handler that has nothing to wait for costs no asynchronous method: the flow that sends gets its own state back here.
        var caller = ExecutionContext.Capture();
        RouteFrame frame;
        try
        {
            frame = request.Frames.Begin(request.Traits, request.Frames.Identify(message), services);
        }
        catch (Exception e)
        {
            return Task.FromException<TResponse>(e);
        }

        // A flow that is suppressed tells nobody its state.
        if (caller is null)
            return HandleAsync(frame, next, cancellationToken);

        try
        {
            frame.Enter();
            var handling = Handle(next, cancellationToken);
            if (handling is not { IsCompletedSuccessfully: true })
                return FinishAsync(frame, handling, next, cancellationToken);

            RouteFrames.End(frame);
            return handling;
        }
        finally
        {
            ExecutionContext.Restore(caller);
        }
    }

    private static Task<TResponse> Handle(RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        try
        {
            return NextDelegate.Invoke(next, cancellationToken);
        }
        catch (Exception e)
        {
            return Task.FromException<TResponse>(e);
        }
    }

    private static async Task<TResponse> HandleAsync(RouteFrame frame, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        frame.Enter();
        return await FinishAsync(frame, Handle(next, cancellationToken), next, cancellationToken).ConfigureAwait(false);
    }

    // Whatever this method uses is kept for as long as the request waits, so it uses little.
    private static async Task<TResponse> FinishAsync(
        RouteFrame frame, Task<TResponse> handling, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await handling.ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && RouteFrames.CanBeginAnew(frame, e))
            {
                // MediatR makes a new handler for every call of next.
                RouteFrames.BeginAnew(frame, e);
            }

            return await NextDelegate.Invoke(next, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (RoutingTrace.Fails(frame.Span, e))
        {
            throw;
        }
        finally
        {
            RouteFrames.End(frame);
        }
    }
}
