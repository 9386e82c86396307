using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>EF's logger of one context's commands for those that the guard need not watch.</summary>
/// <param name="Logger">Null if the application has interceptors of commands: they may rewrite the text, so the guard watches all.</param>
internal sealed record UninterceptedCommandLogger(IRelationalCommandDiagnosticsLogger? Logger)
{
    public static UninterceptedCommandLogger For(IInterceptors guarded, Func<IInterceptors, IRelationalCommandDiagnosticsLogger> create) =>
        new(guarded.Aggregate<IDbCommandInterceptor>() is WriteGuard ? create(new InterceptorsWithoutCommands(guarded)) : null);
}
