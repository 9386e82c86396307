using System.Diagnostics;
using System.Runtime.CompilerServices;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Pipeline;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing;

/// <summary>Runs the requests of one type on their route: the one thing that an adapter for a mediator, or for handlers without one, calls.</summary>
/// <typeparam name="TRequest">The request type. Its markers, attributes and the conventions of <see cref="RoutingOptions"/> decide whether it is a query or a command.</typeparam>
/// <remarks>
/// A singleton of <c>AddCqrsRoutingCore</c>, made once per request type; thread safe. While a request runs, the contexts that it uses follow its route. Running again on the primary, refusals, traces, shadow mode and
/// sessions are done here.
/// </remarks>
public sealed class RequestRunner<TRequest>
    where TRequest : notnull
{
    /// <summary>Classifies the request type. For the container.</summary>
    /// <param name="services">The root provider.</param>
    /// <exception cref="InvalidOperationException">The type contradicts itself: a query and a command, or an attribute that no replica can satisfy.</exception>
    public RequestRunner(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        Info = RequestInfo.Create(typeof(TRequest), services.GetRequiredService<IOptions<RoutingOptions>>().Value);
        Router = services.GetRequiredService<RequestRouter>();
        if (Info.Kind == RequestKind.Unclassified && services.GetService<ILoggerFactory>() is { } loggers)
            Log.Unclassified(loggers.CreateLogger(Log.Category), Info.FullName);
    }

    internal RequestInfo Info { get; }

    internal RequestRouter Router { get; }

    /// <summary>Runs a request, and its handler once more on the primary where the replica failed it and <typeparamref name="TNext"/> makes a new handler for that.</summary>
    /// <typeparam name="TNext">The rest of the pipeline.</typeparam>
    /// <typeparam name="TResponse">What the request answers.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="services">The provider that the adapter was resolved from. If that is the root, the request belongs to the session around it (<see cref="RoutingSession.Begin"/>, or the HTTP middleware), or else to that of the scope
    /// of its first context.</param>
    /// <param name="next">The rest of the pipeline.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="next"/>. A request that was cancelled does not run again.</param>
    /// <returns>What the handler answers.</returns>
    /// <exception cref="CommandInQueryException">A command inside a query.</exception>
    public Task<TResponse> RunAsync<TNext, TResponse>(TRequest request, IServiceProvider services, TNext next, CancellationToken cancellationToken)
        where TNext : IRequestContinuation<TResponse>
    {
        // A handler that has nothing to wait for costs no asynchronous method: the flow that sends gets its own state back here.
        if (ExecutionContext.Capture() is not { } caller)
        {
            return SuppressedFlow.Lift(
                static run => run.Self.RunAsync<TNext, TResponse>(run.Request, run.Services, run.Next, run.CancellationToken),
                (Self: this, Request: request, Services: services, Next: next, CancellationToken: cancellationToken));
        }

        RouteFrame frame;
        try
        {
            frame = Router.Begin(Info, Router.Identify(request), services);
        }
        catch (Exception e)
        {
            return Task.FromException<TResponse>(e);
        }

        try
        {
            frame.Enter();
            var handling = Invoke<TNext, TResponse>(next, cancellationToken);
            if (handling is not { IsCompletedSuccessfully: true } || frame.Interruption is not null)
                return FinishAsync(frame, handling, next, cancellationToken);

            RequestRouter.NoteAnswered(frame);
            frame.End();
            return handling;
        }
        finally
        {
            ExecutionContext.Restore(caller);
        }
    }

    /// <summary>Runs a request whose handler must not run twice, such as one that was made before: a query that its replica fails among the rows then fails.</summary>
    /// <typeparam name="TResponse">What the request answers.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="services">The provider that the handler was resolved from.</param>
    /// <param name="next">The handler. Called once.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="next"/>.</param>
    /// <returns>What the handler answers.</returns>
    /// <exception cref="CommandInQueryException">A command inside a query.</exception>
    public Task<TResponse> RunOnceAsync<TResponse>(TRequest request, IServiceProvider services, Func<CancellationToken, Task<TResponse>> next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(next);
        return RunAsync<OnceContinuation<TResponse>, TResponse>(request, services, new(next), cancellationToken);
    }

    /// <summary>Runs a request that answers element by element: its route holds from the first to the last.</summary>
    /// <typeparam name="TNext">The rest of the pipeline.</typeparam>
    /// <typeparam name="TElement">The type of one element.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="services">As for <see cref="RunAsync"/>.</param>
    /// <param name="next">The rest of the pipeline. Called once.</param>
    /// <param name="cancellationToken">Handed on to <paramref name="next"/> and to its enumerator.</param>
    /// <returns>The elements. Nothing runs before the first is asked for.</returns>
    /// <exception cref="CommandInQueryException">A command inside a query.</exception>
    public async IAsyncEnumerable<TElement> StreamAsync<TNext, TElement>(
        TRequest request, IServiceProvider services, TNext next, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TNext : IStreamContinuation<TElement>
    {
        var frame = Router.Begin(Info, Router.Identify(request), services);
        frame.EnterStream();
        var elements = next.Invoke(cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                // Whoever enumerates restores its own ambient state whenever it gets an element, so the frame is entered anew for each.
                frame.EnterStream();
                var isElement = await (frame.Span is { } span ? MoveNextAsync(elements, span) : MoveNextAsync(elements)).ConfigureAwait(false);
                RequestRouter.ThrowIfInterrupted(frame);
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
                frame.End();
            }
        }
    }

    /// <summary>Begins a request in the calling method, for middleware that has a method before and one after and cannot wrap what runs between them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="services">As for <see cref="RunAsync"/>.</param>
    /// <returns>Dispose it when the request has ended, in the method that called or in one that it awaits. A handler does not run again.</returns>
    /// <exception cref="CommandInQueryException">A command inside a query.</exception>
    public IDisposable Begin(TRequest request, IServiceProvider services)
    {
        var frame = Router.Begin(Info, Router.Identify(request), services);
        frame.Begin();
        return frame;
    }

    private static Task<TResponse> Invoke<TNext, TResponse>(TNext next, CancellationToken cancellationToken)
        where TNext : IRequestContinuation<TResponse>
    {
        try
        {
            return next.InvokeAsync(cancellationToken);
        }
        catch (Exception e)
        {
            return Task.FromException<TResponse>(e);
        }
    }

    // Whatever this method uses is kept for as long as the request waits, so it uses little.
    private static async Task<TResponse> FinishAsync<TNext, TResponse>(RouteFrame frame, Task<TResponse> handling, TNext next, CancellationToken cancellationToken)
        where TNext : IRequestContinuation<TResponse>
    {
        try
        {
            try
            {
                await handling.ConfigureAwait(false);
                if (!RequestRouter.MustRetry(frame, TNext.CreatesHandler, cancellationToken))
                    return RequestRouter.EnsureUninterrupted(await handling.ConfigureAwait(false), frame);
            }
            catch (Exception e) when (TNext.CreatesHandler && !cancellationToken.IsCancellationRequested && RequestRouter.CanRetry(frame, e))
            {
                RequestRouter.PrepareRetry(frame, e);
            }

            return RequestRouter.EnsureUninterrupted(await next.InvokeAsync(cancellationToken).ConfigureAwait(false), frame);
        }
        catch (Exception e) when (RoutingActivity.Fails(frame.Span, e))
        {
            throw;
        }
        finally
        {
            frame.End();
        }
    }

    // The frame has to flow into what the handler awaits, also for a caller whose flow is suppressed.
    private static ValueTask<bool> MoveNextAsync<TElement>(IAsyncEnumerator<TElement> elements) =>
        SuppressedFlow.IsSuppressed ? SuppressedFlow.Lift(static elements => elements.MoveNextAsync(), elements) : elements.MoveNextAsync();

    private static ValueTask DisposeAsync<TElement>(IAsyncEnumerator<TElement> elements) =>
        SuppressedFlow.IsSuppressed ? SuppressedFlow.Lift(static elements => elements.DisposeAsync(), elements) : elements.DisposeAsync();

    private static async ValueTask<bool> MoveNextAsync<TElement>(IAsyncEnumerator<TElement> elements, Activity span)
    {
        try
        {
            return await MoveNextAsync(elements).ConfigureAwait(false);
        }
        catch (Exception e) when (RoutingActivity.Fails(span, e))
        {
            throw;
        }
    }

    private readonly struct OnceContinuation<TResponse>(Func<CancellationToken, Task<TResponse>> next) : IRequestContinuation<TResponse>
    {
        public static bool CreatesHandler => false;

        public Task<TResponse> InvokeAsync(CancellationToken cancellationToken) => next(cancellationToken);
    }
}
