using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.Shadow;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Refuses a write of a query. In shadow mode the write is only recorded.</summary>
internal static class WriteRefusal
{
    /// <exception cref="QueryWriteException">A query is running.</exception>
    public static void Refuse(DbContext? context, string attempt)
    {
        if (RouteFrame.Current is { IsQuery: true } frame)
            Refuse(frame, context, attempt);
    }

    /// <exception cref="QueryWriteException">The query is routed.</exception>
    public static void Refuse(RouteFrame query, DbContext? context, string attempt)
    {
        if (!IsInShadow(query, context))
            throw CreateException(query, context, attempt);

        if (query.Shadow!.WouldRefuse(ViolationKind.Write, context is null ? attempt : $"{attempt} through {TypeNames.Format(context.GetType())}"))
            Record(context, new(query.RequestName, context?.GetType(), attempt));
    }

    /// <summary>
    /// Creates the exception of a refusal, counts the refusal and adds it to the application's recorder. It stays recorded if a caller swallows the
    /// exception.
    /// </summary>
    public static QueryWriteException CreateException(RouteFrame query, DbContext? context, string attempt, Exception? cause = null)
    {
        RoutingMetrics.CountRefusal(query.Request.FullName, ViolationKind.Write);
        if (context is not null && IsFirst(query, context))
        {
            var logger = context.GetService<ILoggerFactory>().CreateLogger(Log.Category);
            Log.WriteRefused(logger, query.IsRequest ? query.Request.FullName : query.RequestName, attempt, TypeNames.Format(context.GetType()), QueryWriteException.AdviceFor(query.RequestName));
        }

        return Record(context, new(query.RequestName, context?.GetType(), attempt, cause));
    }

    /// <summary>
    /// Creates the exception for a write on a context that is open on the replica. The running request is not the query that opened the replica.
    /// </summary>
    public static QueryWriteException CreateReplicaException(DbContext context, string attempt) =>
        Record(context, new("The query that this context is still open on the replica for", context.GetType(), attempt));

    /// <summary>Returns whether a query runs in shadow mode. It may then do everything that it could do without this library.</summary>
    public static bool IsInShadow(RouteFrame query, DbContext? context)
    {
        // A scope may write before one of its connections is bound.
        if (context is not null && ApplicationServices.Find<Rollout>(context) is { } rollout)
            query.DecideShadowMode(rollout, query);
        return query.Shadow is not null;
    }

    // A scope has no request type of its own, so the refusal is logged once per context type.
    private static bool IsFirst(RouteFrame query, DbContext context) => query.Request.Type == typeof(RouteScope)
        ? context.GetService<LogOnce>().IsFirst($"{query.RequestName} wrote", context.GetType())
        : query.Request.IsFirstRefusal();

    private static QueryWriteException Record(DbContext? context, QueryWriteException refusal)
    {
        if (context is not null)
            ApplicationServices.Find<RouteRecorder>(context)?.RecordRefused(refusal);
        return refusal;
    }
}
