namespace Cqrs.Routing.Scopes;

/// <summary>A context whose connection a query has opened by hand, or taken from it.</summary>
internal interface IConnectionOpener
{
    /// <summary>The query has ended: closes what it left open.</summary>
    /// <param name="query">The query, or the outermost of several.</param>
    /// <param name="lease">The context's lease when it was opened.</param>
    void CloseLeftOpen(RouteFrame query, int lease);
}
