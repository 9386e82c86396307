using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>Finds, when EF Core compiles a statement, the entity that the statement tracks.</summary>
internal sealed class TrackedEntityFinder : ExpressionVisitor
{
    /// <summary>
    /// The name for the entity of <c>Reload</c> and <c>GetDatabaseValues</c>. Their values go into a tracked entity, but are not tracked themselves.
    /// </summary>
    public const string DatabaseValues = "database values";

    private string? _found;

    private TrackedEntityFinder()
    {
    }

    /// <summary>Returns the name of an entity that the statement tracks; null if the statement tracks none.</summary>
    /// <param name="statement">The statement before the provider generates code for it.</param>
    /// <param name="behavior">The statement's tracking behavior.</param>
    public static string? Find(Expression statement, QueryTrackingBehavior? behavior)
    {
        // These statements write and return a number.
        if (statement is UpdateExpression or DeleteExpression)
            return null;
        // EF Core does not identify these statements in another way: they are compiled to an array of all values.
        if (statement is ShapedQueryExpression { ShaperExpression: NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array } && array.Type == typeof(object[]))
            return DatabaseValues;
        if (behavior is QueryTrackingBehavior.NoTracking or QueryTrackingBehavior.NoTrackingWithIdentityResolution)
            return null;

        var finder = new TrackedEntityFinder();
        finder.Visit(statement is ShapedQueryExpression shaped ? shaped.ShaperExpression : statement);
        return finder._found;
    }

    protected override Expression VisitExtension(Expression node)
    {
        switch (node)
        {
            case StructuralTypeShaperExpression { StructuralType: IEntityType entity } when entity.FindPrimaryKey() is not null:
                _found ??= entity.DisplayName();
                return node;
            // The VisitChildren method of this node throws.
            case RelationalGroupByShaperExpression grouping:
                Visit(grouping.KeySelector);
                Visit(grouping.ElementSelector);
                return node;
            // Values that the database computes are not materialized as entities.
            case SqlExpression or SelectExpression:
                return node;
            default:
                return base.VisitExtension(node);
        }
    }
}
