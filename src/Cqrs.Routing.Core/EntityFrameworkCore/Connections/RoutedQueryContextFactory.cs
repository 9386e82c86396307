using Microsoft.EntityFrameworkCore.Query;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Creates the executions of one context's statements.</summary>
internal sealed class RoutedQueryContextFactory : IQueryContextFactory
{
    private readonly QueryContextDependencies _dependencies;
    private readonly RelationalQueryContextDependencies _relationalDependencies;

    public RoutedQueryContextFactory(QueryContextDependencies dependencies, RelationalQueryContextDependencies relationalDependencies)
    {
        _dependencies = dependencies;
        _relationalDependencies = relationalDependencies;
        if (relationalDependencies.RelationalConnection is RoutedConnection routed)
            routed.AreStatementsMarked = true;
    }

    public QueryContext Create() => new RoutedQueryContext(_dependencies, _relationalDependencies);
}
