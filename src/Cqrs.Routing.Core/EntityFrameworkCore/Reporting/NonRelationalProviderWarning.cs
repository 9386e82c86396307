using System.Linq.Expressions;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.EntityFrameworkCore.Reporting;

/// <summary>Warns once, when a context first reads, that its provider has no connections to route (mostly InMemory in tests).</summary>
internal sealed class NonRelationalProviderWarning(LogOnce notices) : IQueryExpressionInterceptor
{
    private const string Cause = "its provider is not relational, so it has no connection that could lead to a replica. Call UseReplica(null) where it has this provider, as in tests.";

    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData)
    {
        if (eventData.Context is { } context && HasReplica(context) && notices.IsFirst(Cause, context.GetType()))
            Log.ReplicaMismatch(context.GetService<ILoggerFactory>().CreateLogger(Log.Category), TypeNames.Format(context.GetType()), Cause);
        return queryExpression;
    }

    private static bool HasReplica(DbContext context) =>
        context.GetService<IDbContextOptions>().FindExtension<RoutingOptionsExtension>() is { Replica: not (NoReplica or PrimaryAsReplica) };
}
