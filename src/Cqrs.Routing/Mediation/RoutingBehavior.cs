using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;
using MediatR;

namespace Cqrs.Routing.Mediation;

/// <summary>Outermost behavior of every request: while it runs, the contexts that the request uses follow its route.</summary>
/// <remarks>No generic constraint: the container would drop the behavior silently for the requests that do not meet it.</remarks>
internal sealed class RoutingBehavior<TRequest, TResponse>(RequestTraits<TRequest> request, RouteFrames frames, IServiceProvider services)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest message, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var frame = frames.Begin(request, message, services);
        frame.Enter();
        try
        {
            try
            {
                return await NextDelegate<TResponse>.Invoke(next, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && RouteFrames.CanBeginAnew(frame, e))
            {
                // MediatR makes a new handler for every call of next.
                frames.BeginAnew(frame, e);
            }

            return await NextDelegate<TResponse>.Invoke(next, cancellationToken).ConfigureAwait(false);
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
