using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Provides all interceptors except those of commands.</summary>
internal sealed class InterceptorsWithoutCommands(IInterceptors guarded) : IInterceptors
{
    public TInterceptor? Aggregate<TInterceptor>()
        where TInterceptor : class, IInterceptor
        => typeof(TInterceptor) == typeof(IDbCommandInterceptor) ? null : guarded.Aggregate<TInterceptor>();
}
