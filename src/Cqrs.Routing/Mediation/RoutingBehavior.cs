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
        if (ExecutionContext.Capture() is not { } caller)
            return SuppressedFlow.Lift(static send => send.Self.Handle(send.Message, send.Next, send.CancellationToken), (Self: this, Message: message, Next: next, CancellationToken: cancellationToken));

        RouteFrame frame;
        try
        {
            frame = request.Frames.Begin(request.Traits, request.Frames.Identify(message), services);
        }
        catch (Exception e)
        {
            return Task.FromException<TResponse>(e);
        }

        try
        {
            frame.Enter();
            var handling = Handle(next, cancellationToken);
            if (handling is not { IsCompletedSuccessfully: true } || frame.Interruption is not null)
                return FinishAsync(frame, handling, next, cancellationToken);

            RouteFrames.Answered(frame);
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

    // Whatever this method uses is kept for as long as the request waits, so it uses little.
    private static async Task<TResponse> FinishAsync(
        RouteFrame frame, Task<TResponse> handling, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await handling.ConfigureAwait(false);
                if (!RouteFrames.MustBeginAnew(frame, cancellationToken))
                    return RouteFrames.Uninterrupted(await handling.ConfigureAwait(false), frame);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && RouteFrames.CanBeginAnew(frame, e))
            {
                // MediatR makes a new handler for every call of next.
                RouteFrames.BeginAnew(frame, e);
            }

            return RouteFrames.Uninterrupted(await NextDelegate.Invoke(next, cancellationToken).ConfigureAwait(false), frame);
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
