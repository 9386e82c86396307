using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

internal static class QueryGuard
{
    /// <exception cref="QueryWriteException">A query is running.</exception>
    public static void Refuse(DbContext? context, string attempt)
    {
        if (RouteFrame.Current is { IsQuery: true } frame)
            throw new QueryWriteException(frame.RequestName, context?.GetType(), attempt);
    }
}
