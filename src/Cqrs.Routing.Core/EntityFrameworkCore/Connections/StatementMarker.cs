using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Query;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Makes a compiled statement report to its <see cref="RoutedQueryContext"/>, before it runs, which entity it tracks.</summary>
/// <remarks>A statement that EF Core compiles without this class reports nothing, and counts as tracking.</remarks>
internal sealed class StatementMarker(
    ShapedQueryCompilingExpressionVisitor inner, ShapedQueryCompilingExpressionVisitorDependencies dependencies, QueryCompilationContext context)
    : ShapedQueryCompilingExpressionVisitor(dependencies, context)
{
    private static readonly MethodInfo Mark = typeof(RoutedQueryContext).GetMethod(nameof(RoutedQueryContext.Mark))!;

    private readonly QueryCompilationContext _context = context;

    [return: NotNullIfNotNull(nameof(node))]
    public override Expression? Visit(Expression? node)
    {
        if (node is null)
            return null;

        // Must come first, because the provider's visitor changes the expression.
        var entity = TrackedEntityFinder.Find(node, _context.QueryTrackingBehavior);
        var compiled = inner.Visit(node);
        // Generated source code cannot call an internal method.
        return _context.IsPrecompiling
            ? compiled
            : Expression.Block(Expression.Call(Mark, QueryCompilationContext.QueryContextParameter, Expression.Constant(entity, typeof(string))), compiled);
    }

    protected override Expression VisitShapedQuery(ShapedQueryExpression shapedQueryExpression) => inner.Visit(shapedQueryExpression);
}
