using System.Runtime.CompilerServices;
using MediatR;

namespace Cqrs.Routing;

/// <summary>
/// Calls the rest of the pipeline in MediatR 12 to 15 with one binary. Up to MediatR 12.4 the delegate has no parameter; from 12.5 it takes a
/// cancellation token. A direct call compiled against one version does not exist in the other.
/// </summary>
internal static class NextDelegate
{
    private static readonly bool TakesToken =
        typeof(RequestHandlerDelegate<object>).GetMethod(nameof(Action.Invoke))!.GetParameters().Length == 1;

    public static Task<TResponse> Invoke<TResponse>(RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        TakesToken ? WithToken<TResponse>.Invoke(next, cancellationToken) : Direct(next);

    // The JIT compiles this method only if it is called, and it is called only if the delegate has no parameter.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<TResponse> Direct<TResponse>(RequestHandlerDelegate<TResponse> next) => next();

    private static class WithToken<TResponse>
    {
        public static readonly Func<RequestHandlerDelegate<TResponse>, CancellationToken, Task<TResponse>> Invoke =
            typeof(RequestHandlerDelegate<TResponse>).GetMethod(nameof(Action.Invoke))!
                .CreateDelegate<Func<RequestHandlerDelegate<TResponse>, CancellationToken, Task<TResponse>>>();
    }
}
