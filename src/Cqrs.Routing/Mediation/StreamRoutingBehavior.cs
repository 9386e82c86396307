using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;
using MediatR;

namespace Cqrs.Routing.Mediation;

/// <summary>Outermost behavior of every stream: the route holds from the first element to the last.</summary>
internal sealed class StreamRoutingBehavior<TRequest, TResponse>(RoutedRequest<TRequest> request, IServiceProvider services)
    : IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async IAsyncEnumerable<TResponse> Handle(
        TRequest message,
        StreamHandlerDelegate<TResponse> next,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frame = request.Frames.Begin(request.Traits, request.Frames.Identify(message), services);
        frame.Enter();
        var elements = next().GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                // Whoever enumerates restores its own ambient state whenever it gets an element, so the frame is entered anew for each.
                frame.Enter();
                if (!await (frame.Span is { } span ? MoveNextAsync(elements, span) : elements.MoveNextAsync()).ConfigureAwait(false))
                    break;
                yield return elements.Current;
            }
        }
        finally
        {
            frame.Enter();
            try
            {
                await elements.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                RouteFrames.End(frame);
            }
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TResponse> elements, Activity span)
    {
        try
        {
            return await elements.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (RoutingTrace.Fails(span, e))
        {
            throw;
        }
    }
}
