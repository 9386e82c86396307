using MediatR;

namespace Cqrs.Routing.Mediation;

/// <summary>
/// Calls the rest of the pipeline in every MediatR from 12 to 15 with one binary: until 12.4 the delegate takes nothing, from 12.5 on a
/// cancellation token, so a direct call that was compiled against one is missing in the other.
/// </summary>
internal static class NextDelegate<TResponse>
{
    public static readonly Func<RequestHandlerDelegate<TResponse>, CancellationToken, Task<TResponse>> Invoke = Create();

    private static Func<RequestHandlerDelegate<TResponse>, CancellationToken, Task<TResponse>> Create()
    {
        var invoke = typeof(RequestHandlerDelegate<TResponse>).GetMethod(nameof(Action.Invoke))!;
        if (invoke.GetParameters().Length == 1)
            return invoke.CreateDelegate<Func<RequestHandlerDelegate<TResponse>, CancellationToken, Task<TResponse>>>();

        var withoutToken = invoke.CreateDelegate<Func<RequestHandlerDelegate<TResponse>, Task<TResponse>>>();
        return (next, _) => withoutToken(next);
    }
}
