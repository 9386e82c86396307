using Microsoft.EntityFrameworkCore.Query;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Makes EF Core's statement compiler mark each statement with the entity that it tracks, or with none.</summary>
internal sealed class StatementMarkerFactory(
    IShapedQueryCompilingExpressionVisitorFactory inner, ShapedQueryCompilingExpressionVisitorDependencies dependencies) : IShapedQueryCompilingExpressionVisitorFactory
{
    public ShapedQueryCompilingExpressionVisitor Create(QueryCompilationContext queryCompilationContext) =>
        new StatementMarker(inner.Create(queryCompilationContext), dependencies, queryCompilationContext);
}
