using System.Data.Common;
using System.Linq.Expressions;
using Cqrs.Routing;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Gets or creates an entity, with the first read on the replica if that is allowed.</summary>
public static class GetOrCreateExtensions
{
    /// <summary>Returns the entity that matches the predicate, and creates it if neither server has it.</summary>
    /// <typeparam name="TEntity">The entity type.</typeparam>
    /// <param name="set">The set of the entity type.</param>
    /// <param name="predicate">The predicate that identifies the entity. The database needs a matching unique index, so that concurrent calls are
    /// safe.</param>
    /// <param name="create">Creates the entity if there is none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The entity, tracked or not according to the tracking behavior of the context, and whether this call created it.</returns>
    /// <exception cref="QueryWriteException">The entity does not exist, and a query is running.</exception>
    /// <remarks>
    /// <para>
    /// A context that tracks its entities reads from the primary. A context with <see cref="QueryTrackingBehavior.NoTracking"/> reads from the
    /// replica first, also outside any request. If the replica does not have the entity, the context reads from the primary. While the replica lags,
    /// the method still finds an entity that was deleted since.
    /// </para>
    /// <para>
    /// Inside a command or a transaction all statements run on the primary. The method creates the entity with <c>SaveChanges</c>, which also saves
    /// the other changes of the context.
    /// </para>
    /// <para>
    /// If a concurrent call inserts the entity first, the unique index refuses the insert, and the other entity is read from the primary. A
    /// surrounding transaction stays usable if the provider supports savepoints.
    /// </para>
    /// </remarks>
    public static async Task<(TEntity Entity, bool Created)> GetOrCreateAsync<TEntity>(
        this DbSet<TEntity> set,
        Expression<Func<TEntity, bool>> predicate,
        Func<TEntity> create,
        CancellationToken cancellationToken = default)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(predicate);
        ArgumentNullException.ThrowIfNull(create);

        // Tracked entities come from the primary, where one read is enough.
        if (set.GetService<ICurrentDbContext>().Context.ChangeTracker.QueryTrackingBehavior != QueryTrackingBehavior.TrackAll)
        {
            using (RouteScope.BeginQuery())
            {
                if (RouteScope.Current.Route == DatabaseRole.Replica && await set.FirstOrDefaultAsync(predicate, cancellationToken).ConfigureAwait(false) is { } read)
                    return (read, false);
            }
        }

        using var primary = RouteScope.ForcePrimary();
        return await set.FirstOrDefaultAsync(predicate, cancellationToken).ConfigureAwait(false) is { } existing
            ? (existing, false)
            : await CreateAsync(set, predicate, create(), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(TEntity Entity, bool Created)> CreateAsync<TEntity>(
        DbSet<TEntity> set, Expression<Func<TEntity, bool>> predicate, TEntity created, CancellationToken cancellationToken)
        where TEntity : class
    {
        var context = set.GetService<ICurrentDbContext>().Context;
        var addedBefore = Added(context);
        set.Add(created);
        try
        {
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return (created, true);
        }
        catch (Exception e)
        {
            // An interceptor may have wrapped the database's error in another exception type. If it threw after the save, the entity is saved.
            var wasSaved = context.Entry(created).State != EntityState.Added;
            foreach (var entity in Added(context).Except(addedBefore, ReferenceEqualityComparer.Instance))
                context.Entry(entity!).State = EntityState.Detached;
            if (!wasSaved && e is not (QueryWriteException or OperationCanceledException) && await WinnerAsync(set, predicate, cancellationToken).ConfigureAwait(false) is { } winner)
                return (winner, false);
            throw;
        }
    }

    // If the error has ended the transaction, nothing can be read. The original error then says more.
    private static async Task<TEntity?> WinnerAsync<TEntity>(DbSet<TEntity> set, Expression<Func<TEntity, bool>> predicate, CancellationToken cancellationToken)
        where TEntity : class
    {
        try
        {
            return await set.FirstOrDefaultAsync(predicate, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException)
        {
            return null;
        }
    }

    private static List<object> Added(DbContext context) =>
        [.. context.ChangeTracker.Entries().Where(entry => entry.State == EntityState.Added).Select(entry => entry.Entity)];
}
