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
        frame.EnterStream();
        var elements = next().GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                // Whoever enumerates restores its own ambient state whenever it gets an element, so the frame is entered anew for each.
                frame.EnterStream();
                var isElement = await (frame.Span is { } span ? MoveNextAsync(elements, span) : MoveNextAsync(elements)).ConfigureAwait(false);
                RouteFrames.ThrowIfInterrupted(frame);
                if (!isElement)
                    break;
                yield return elements.Current;
            }
        }
        finally
        {
            frame.EnterStream();
            try
            {
                await DisposeAsync(elements).ConfigureAwait(false);
            }
            finally
            {
                RouteFrames.End(frame);
            }
        }
    }

    // The frame has to flow into what the handler awaits, also for a caller whose flow is suppressed.
    private static ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TResponse> elements) =>
        SuppressedFlow.IsSuppressed ? SuppressedFlow.Lift(static elements => elements.MoveNextAsync(), elements) : elements.MoveNextAsync();

    private static ValueTask DisposeAsync(IAsyncEnumerator<TResponse> elements) =>
        SuppressedFlow.IsSuppressed ? SuppressedFlow.Lift(static elements => elements.DisposeAsync(), elements) : elements.DisposeAsync();

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TResponse> elements, Activity span)
    {
        try
        {
            return await MoveNextAsync(elements).ConfigureAwait(false);
        }
        catch (Exception e) when (RoutingTrace.Fails(span, e))
        {
            throw;
        }
    }
}
