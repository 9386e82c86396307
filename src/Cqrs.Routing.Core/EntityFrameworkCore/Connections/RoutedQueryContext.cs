using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>One execution of a statement, which knows whether the statement tracks entities: then it gets a connection that leads to the primary.</summary>
internal sealed class RoutedQueryContext(QueryContextDependencies dependencies, RelationalQueryContextDependencies relationalDependencies)
    : RelationalQueryContext(dependencies, relationalDependencies)
{
    private string? _tracked = TrackingStatements.UnknownEntity;
    private bool _standAlone;

    public override IRelationalConnection Connection =>
        _tracked is { } entity && base.Connection is RoutedConnection routed ? routed.TrackingStatements.For(entity) : base.Connection;

    /// <summary>Called by the compiled statement before it runs.</summary>
    /// <param name="context">The execution. Of a context without <c>UseReplica</c> it is EF's own, which needs no mark.</param>
    /// <param name="entity">The entity that the statement tracks; null for none.</param>
    public static void Mark(QueryContext context, string? entity)
    {
        if (context is RoutedQueryContext routed)
            routed._tracked = entity;
    }

    public override void InitializeStateManager(bool standAlone = false)
    {
        _standAlone = standAlone;
        base.InitializeStateManager(standAlone);
    }

#pragma warning disable EF1001 // The one method that every tracked row of a statement passes through; EF 11 has it unchanged.
    /// <exception cref="InvalidOperationException">The statement was taken for one that tracks nothing, so its rows may be a replica's.</exception>
    public override InternalEntityEntry StartTracking(IEntityType entityType, object entity, in ISnapshot snapshot) =>
        _tracked is null && !_standAlone ? throw ReplicaMessages.TracksUnseen(TypeNames.Format(Context.GetType()), entityType.DisplayName()) : base.StartTracking(entityType, entity, snapshot);
#pragma warning restore EF1001
}
