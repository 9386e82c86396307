using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// Lets the guard see a command and a save twice: before the application's interceptors, so that they never hear of one that is refused, and
/// after them, because they may have rewritten its text or added rows to it.
/// </summary>
/// <param name="inner">EF's own, which puts the guard first.</param>
/// <param name="guard">The guard.</param>
/// <param name="chains">EF's classes that make one interceptor of several, by the interceptors to be guarded twice.</param>
internal sealed class GuardedInterceptors(IInterceptors inner, WriteGuard guard, IReadOnlyDictionary<Type, Type> chains) : IInterceptors
{
    private readonly Dictionary<Type, IInterceptor?> _guarded = [];

    public TInterceptor? Aggregate<TInterceptor>()
        where TInterceptor : class, IInterceptor
    {
        if (!chains.TryGetValue(typeof(TInterceptor), out var chain))
            return inner.Aggregate<TInterceptor>();

        if (!_guarded.TryGetValue(typeof(TInterceptor), out var guarded))
            _guarded[typeof(TInterceptor)] = guarded = GuardTwice(inner.Aggregate<TInterceptor>(), chain);
        return (TInterceptor?)guarded;
    }

    private IInterceptor? GuardTwice(IInterceptor? interceptors, Type chain) => interceptors is null or WriteGuard
        ? interceptors
        : ((IInterceptorAggregator)Activator.CreateInstance(chain)!).AggregateInterceptors([interceptors, guard]);
}
