using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// Lets the guard see a command twice: before the application's interceptors, so that they never hear of one that is refused, and after them,
/// because they may have rewritten its text.
/// </summary>
/// <param name="inner">EF's own, which puts the guard first.</param>
/// <param name="guard">The guard.</param>
/// <param name="chainType">EF's class that makes one interceptor of several.</param>
internal sealed class GuardedInterceptors(IInterceptors inner, WriteGuard guard, Type chainType) : IInterceptors
{
    private IInterceptor? _commands;

    public TInterceptor? Aggregate<TInterceptor>()
        where TInterceptor : class, IInterceptor
        => typeof(TInterceptor) == typeof(IDbCommandInterceptor)
            ? (TInterceptor?)(_commands ??= GuardTwice(inner.Aggregate<IDbCommandInterceptor>()))
            : inner.Aggregate<TInterceptor>();

    private IInterceptor? GuardTwice(IDbCommandInterceptor? commands) => commands is null or WriteGuard
        ? commands
        : ((IInterceptorAggregator)Activator.CreateInstance(chainType)!).AggregateInterceptors([commands, guard]);
}
