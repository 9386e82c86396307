using System.Runtime.CompilerServices;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>
/// Warns once that a context with <c>UseInternalServiceProvider</c> is neither routed nor guarded. EF Core adds no services to a container that the
/// application supplies.
/// </summary>
internal static class InternalServiceProviderWarning
{
    private const string Cause =
        "UseInternalServiceProvider(...) removes routing and the write guard, so its queries can write. Remove it, or remove UseReplica.";

    private static readonly ConditionalWeakTable<IServiceProvider, LogOnce> Notices = [];

    public static void Check(IDbContextOptions options)
    {
        if (options.FindExtension<CoreOptionsExtension>() is not { InternalServiceProvider: { } services }
            || options is not DbContextOptions { ContextType: var context }
            || !Notices.GetOrCreateValue(services).IsFirst(Cause, context))
        {
            return;
        }

        if (ApplicationServices.FindLogger(options) is { } logger)
            Log.ReplicaMismatch(logger, TypeNames.Format(context), Cause);
    }
}
