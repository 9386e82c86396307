using System.Data.Common;
using System.Linq.Expressions;
using Cqrs.Routing;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Get-or-create that reads the replica first, where it may.</summary>
public static class GetOrCreateExtensions
{
    /// <summary>Returns the entity that matches, and creates it if it is nowhere.</summary>
    /// <typeparam name="TEntity">The entity.</typeparam>
    /// <param name="set">The entity's set.</param>
    /// <param name="predicate">What makes the entity unique; the database needs a unique index on it for concurrent calls to be safe.</param>
    /// <param name="create">Makes the entity if there is none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The entity, tracked as the context tracks what it reads, and whether this call created it.</returns>
    /// <exception cref="QueryWriteException">There is none, and a query is running.</exception>
    /// <remarks>
    /// A context that tracks what it reads reads it from the primary. One that does not (<see cref="QueryTrackingBehavior.NoTracking"/>) reads from the replica first, also outside any request, and from the primary if it is not
    /// there: what was deleted since is found all the same while the replica lags. Inside a command or a transaction everything happens on the primary. Creating saves the context, with whatever else is changed in it. If
    /// another caller wins the race, the unique index refuses the insert and its entity is read from the primary; a surrounding transaction stays
    /// usable where the provider has savepoints.
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

        // What is tracked comes from the primary, where one read is enough.
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
            // An interceptor may have put the database's error into a type of its own. One that throws once all is saved has lost nothing.
            var wasSaved = context.Entry(created).State != EntityState.Added;
            foreach (var entity in Added(context).Except(addedBefore, ReferenceEqualityComparer.Instance))
                context.Entry(entity!).State = EntityState.Detached;
            if (!wasSaved && e is not (QueryWriteException or OperationCanceledException) && await WinnerAsync(set, predicate, cancellationToken).ConfigureAwait(false) is { } winner)
                return (winner, false);
            throw;
        }
    }

    // In a transaction that the error has ended nothing can be read; then the error says more than this would.
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
