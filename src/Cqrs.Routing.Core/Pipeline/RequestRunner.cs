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

/// <summary>Runs the requests of one type on their route. An adapter for a mediator, or for handlers without one, calls only this type.</summary>
/// <typeparam name="TRequest">The request type. Its markers, its attributes and the conventions of <see cref="RoutingOptions"/> decide whether it is a query or a command.</typeparam>
/// <remarks>
/// A singleton of <c>AddCqrsRoutingCore</c>, created once per request type; thread safe. While a request runs, the contexts that it uses follow its route. The runner
/// also handles retries on the primary, refusals, traces, shadow mode and sessions.
/// </remarks>
public sealed class RequestRunner<TRequest>
    where TRequest : notnull
{
    /// <summary>Creates the runner and classifies the request type. The container calls it.</summary>
    /// <param name="services">The root service provider.</param>
    /// <exception cref="InvalidOperationException">The type is both a query and a command, or has an attribute that no replica can satisfy.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
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

    /// <summary>Runs a request. Its handler runs once more on the primary if the replica failed and <typeparamref name="TNext"/> creates a new handler for each run.</summary>
    /// <typeparam name="TNext">The type of the rest of the pipeline.</typeparam>
    /// <typeparam name="TResponse">The type of the response.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="services">
    /// The provider that the adapter was resolved from. If it is the root, the request belongs to the session around it (<see cref="RoutingSession.Begin"/>, or the HTTP
    /// middleware). Without one, it belongs to the session of its first context's scope.
    /// </param>
    /// <param name="next">The rest of the pipeline.</param>
    /// <param name="cancellationToken">Passed to <paramref name="next"/>. A request that was cancelled does not run again.</param>
    /// <returns>The response of the handler.</returns>
    /// <exception cref="CommandInQueryException">A query sent a command and may not.</exception>
    public Task<TResponse> RunAsync<TNext, TResponse>(TRequest request, IServiceProvider services, TNext next, CancellationToken cancellationToken)
        where TNext : IRequestContinuation<TResponse>
    {
        // A handler that completes synchronously needs no async state machine: the sending flow gets its own state back here.
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

            RequestRouter.NoteAnswered(frame, handling.Result);
            frame.End();
            return handling;
        }
        finally
        {
            ExecutionContext.Restore(caller);
        }
    }

    /// <summary>Runs a request whose handler must not run twice, for example because it was created before. The query then fails if its replica fails while rows are read.</summary>
    /// <typeparam name="TResponse">The type of the response.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="services">The provider that the handler was resolved from.</param>
    /// <param name="next">The handler. Called once.</param>
    /// <param name="cancellationToken">Passed to <paramref name="next"/>.</param>
    /// <returns>The response of the handler.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    /// <exception cref="CommandInQueryException">A query sent a command and may not.</exception>
    public Task<TResponse> RunOnceAsync<TResponse>(TRequest request, IServiceProvider services, Func<CancellationToken, Task<TResponse>> next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(next);
        return RunAsync<OnceContinuation<TResponse>, TResponse>(request, services, new(next), cancellationToken);
    }

    /// <summary>Runs a request that returns a stream of elements. Its route applies from the first element to the last.</summary>
    /// <typeparam name="TNext">The type of the rest of the pipeline.</typeparam>
    /// <typeparam name="TElement">The type of one element.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="services">The provider, as for <see cref="RunAsync"/>.</param>
    /// <param name="next">The rest of the pipeline. Called once.</param>
    /// <param name="cancellationToken">Passed to <paramref name="next"/> and to its enumerator.</param>
    /// <returns>The elements. Nothing runs before the first one is requested.</returns>
    /// <exception cref="CommandInQueryException">A query sent a command and may not.</exception>
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
                // The enumerating flow restores its own ambient state with each element, so the frame is entered again for each one.
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

    /// <summary>Begins a request in the calling method. Use it for middleware with separate methods before and after the request that cannot wrap the code between them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="services">The provider, as for <see cref="RunAsync"/>.</param>
    /// <returns>An object to dispose when the request has ended, in the calling method or in one that it awaits. The handler does not run again.</returns>
    /// <exception cref="CommandInQueryException">A query sent a command and may not.</exception>
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

    // The state of this method stays allocated while the request waits, so it uses few variables.
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

    // The frame has to flow into the awaited calls of the handler, even if the caller's flow is suppressed.
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
