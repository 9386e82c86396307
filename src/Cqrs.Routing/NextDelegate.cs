using System.Runtime.CompilerServices;
using MediatR;

namespace Cqrs.Routing;

/// <summary>
/// Calls the rest of the pipeline in every MediatR from 12 to 15 with one binary: until 12.4 the delegate takes nothing, from 12.5 on a
/// cancellation token, so a direct call that was compiled against one is missing in the other.
/// </summary>
internal static class NextDelegate
{
    private static readonly bool TakesToken =
        typeof(RequestHandlerDelegate<object>).GetMethod(nameof(Action.Invoke))!.GetParameters().Length == 1;

    public static Task<TResponse> Invoke<TResponse>(RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        TakesToken ? WithToken<TResponse>.Invoke(next, cancellationToken) : Direct(next);

    // Compiled only where it is called, and so only where that is the delegate's shape.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<TResponse> Direct<TResponse>(RequestHandlerDelegate<TResponse> next) => next();

    private static class WithToken<TResponse>
    {
        public static readonly Func<RequestHandlerDelegate<TResponse>, CancellationToken, Task<TResponse>> Invoke =
            typeof(RequestHandlerDelegate<TResponse>).GetMethod(nameof(Action.Invoke))!
                .CreateDelegate<Func<RequestHandlerDelegate<TResponse>, CancellationToken, Task<TResponse>>>();
    }
}
