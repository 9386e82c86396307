using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore.ChangeTracking.Internal;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>One execution of a statement. It knows whether the statement tracks entities, and then uses a connection to the primary.</summary>
internal sealed class RoutedQueryContext(QueryContextDependencies dependencies, RelationalQueryContextDependencies relationalDependencies)
    : RelationalQueryContext(dependencies, relationalDependencies)
{
    private string? _tracked = TrackingStatements.UnknownEntity;
    private bool _standAlone;

    public override IRelationalConnection Connection =>
        _tracked is { } entity && base.Connection is RoutedConnection routed ? routed.TrackingStatements.For(entity) : base.Connection;

    /// <summary>Records which entity the statement tracks. The compiled statement calls this before it runs.</summary>
    /// <param name="context">The execution. For a context without <c>UseReplica</c> it is EF Core's own class, which needs no marker.</param>
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

#pragma warning disable EF1001 // Every tracked row of a statement passes through this method; EF Core 11 has it unchanged.
    /// <exception cref="InvalidOperationException">
    /// The statement was classified as one that does not track, so its rows may be a replica's.
    /// </exception>
    public override InternalEntityEntry StartTracking(IEntityType entityType, object entity, in ISnapshot snapshot) =>
        _tracked is null && !_standAlone ? throw ReplicaMessages.TracksUnseen(TypeNames.Format(Context.GetType()), entityType.DisplayName()) : base.StartTracking(entityType, entity, snapshot);
#pragma warning restore EF1001
}
