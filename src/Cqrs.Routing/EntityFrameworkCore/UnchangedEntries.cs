using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Detaches entities that nobody changed. EF leaves the graph of an entity that goes from Unchanged to Detached as it is.</summary>
internal static class UnchangedEntries
{
    public static void Detach(DbContext context, HashSet<object> candidates)
    {
        var tracker = context.ChangeTracker;
        var detectsChanges = tracker.AutoDetectChangesEnabled;
        // Finds what the caller changed and did not save yet, children added to a collection included: all that must stay.
        if (detectsChanges)
            tracker.DetectChanges();

        tracker.AutoDetectChangesEnabled = false;
        try
        {
            var entries = tracker.Entries().ToList();
            var changedOwners = ChangedOwners(entries);
            foreach (var entry in entries)
            {
                if (entry.State == EntityState.Unchanged
                    && candidates.Contains(entry.Entity)
                    && !changedOwners.Contains(RootOwner(entry.Metadata))
                    && (detectsChanges || HasOriginalValues(entry)))
                {
                    entry.State = EntityState.Detached;
                }
            }
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detectsChanges;
        }
    }

    // A changed part cannot be saved without its owner. Which owner it is cannot be told by public means, so all of that type stay.
    private static HashSet<IReadOnlyEntityType> ChangedOwners(List<EntityEntry> entries) =>
        [.. entries.Where(entry => entry.State != EntityState.Unchanged && entry.Metadata.IsOwned()).Select(entry => RootOwner(entry.Metadata))];

    private static IReadOnlyEntityType RootOwner(IReadOnlyEntityType type)
    {
        while (type.FindOwnership() is { } ownership)
            type = ownership.PrincipalEntityType;
        return type.GetRootType();
    }

    // With automatic detection off, the application will detect changes itself, later; what it has changed by then must still be tracked.
    private static bool HasOriginalValues(EntityEntry entry) =>
        entry.Properties.All(property => property.Metadata.GetValueComparer().Equals(property.CurrentValue, property.OriginalValue));
}
