using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>EF Core's command logger of one context, for commands that the guard need not check.</summary>
/// <param name="Logger">Null if the application intercepts commands. An interceptor may rewrite the text, so the guard then checks all
/// commands.</param>
internal sealed record UninterceptedCommandLogger(IRelationalCommandDiagnosticsLogger? Logger)
{
    public static UninterceptedCommandLogger For(IInterceptors guarded, Func<IInterceptors, IRelationalCommandDiagnosticsLogger> create) =>
        new(guarded.Aggregate<IDbCommandInterceptor>() is WriteGuard ? create(new InterceptorsWithoutCommands(guarded)) : null);
}
