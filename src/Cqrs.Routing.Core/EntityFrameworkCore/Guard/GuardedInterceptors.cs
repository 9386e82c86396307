using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// Calls the guard twice for a command and a save. The first call is before the application's interceptors, so that they do not see a refused command
/// or save. The second call is after them, because they may have rewritten the text or added rows.
/// </summary>
/// <param name="inner">EF Core's interceptors, which put the guard first.</param>
/// <param name="guard">The guard.</param>
/// <param name="chains">EF Core's classes that combine several interceptors into one, by the type of the interceptors that are guarded twice.</param>
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
