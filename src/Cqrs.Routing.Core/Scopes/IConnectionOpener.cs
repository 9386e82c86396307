namespace Cqrs.Routing.Scopes;

/// <summary>A context whose connection a query opened by hand or took from the context.</summary>
internal interface IConnectionOpener
{
    /// <summary>Closes connections that the query left open. Called when the query has ended.</summary>
    /// <param name="query">The query, or the outermost of several.</param>
    /// <param name="lease">The context's lease when the connection was opened.</param>
    void CloseLeftOpen(RouteFrame query, int lease);
}
