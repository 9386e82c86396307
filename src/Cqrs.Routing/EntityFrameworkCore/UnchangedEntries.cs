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
        var cascade = tracker.CascadeDeleteTiming;
        // Finds what the caller changed and did not save yet, children added to a collection included: all that must stay.
        if (detectsChanges)
            tracker.DetectChanges();

        tracker.AutoDetectChangesEnabled = false;
        // Else EF would detach the children of whatever is detached as well, changed ones too.
        tracker.CascadeDeleteTiming = CascadeTiming.Never;
        try
        {
            var entries = tracker.Entries().ToList();
            var kept = Changed(entries, detectsChanges);
            foreach (var entry in entries)
            {
                if (entry.State == EntityState.Unchanged && candidates.Contains(entry.Entity) && !kept.Contains(entry.Entity))
                    entry.State = EntityState.Detached;
            }
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detectsChanges;
            tracker.CascadeDeleteTiming = cascade;
        }
    }

    // An entity and its owned parts can only be saved together, so they stay together.
    private static HashSet<object> Changed(List<EntityEntry> entries, bool detected)
    {
        var kept = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var entry in entries)
        {
            var changed = entry.State != EntityState.Unchanged ? [entry] : detected ? [] : UndetectedChanges.At(entry);
            foreach (var change in changed)
                Keep(RootOwner(change, entries), kept);
        }

        return kept;
    }

    private static void Keep(EntityEntry entry, HashSet<object> kept)
    {
        kept.Add(entry.Entity);
        foreach (var navigation in entry.Navigations)
        {
            if (navigation.Metadata is INavigation { IsOnDependent: false, ForeignKey.IsOwnership: true })
            {
                foreach (var part in navigation.Targets())
                    Keep(part, kept);
            }
        }
    }

    // By key: an owned part that was removed is no longer reachable from its owner.
    private static EntityEntry RootOwner(EntityEntry entry, List<EntityEntry> entries)
    {
        while (entry.Metadata.FindOwnership() is { } ownership
            && entries.FirstOrDefault(owner => ownership.PrincipalEntityType.IsAssignableFrom(owner.Metadata) && owner.HasKeyOf(ownership, entry)) is { } found)
        {
            entry = found;
        }

        return entry;
    }
}
