using Cqrs.Routing.Routing;
using Cqrs.Routing.Testing;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

internal static class QueryGuard
{
    /// <exception cref="QueryWriteException">A query is running.</exception>
    public static void Refuse(DbContext? context, string attempt)
    {
        if (RouteFrame.Current is { IsQuery: true } frame)
            throw Refused(frame, context, attempt);
    }

    /// <summary>A refusal to be thrown. The application's recorder remembers it, also if somebody swallows it.</summary>
    public static QueryWriteException Refused(RouteFrame query, DbContext? context, string attempt, Exception? cause = null)
    {
        var refusal = new QueryWriteException(query.RequestName, context?.GetType(), attempt, cause);
        if (context is not null)
            ApplicationServices.Find<RouteRecorder>(context)?.RecordRefused(refusal);
        return refusal;
    }
}
