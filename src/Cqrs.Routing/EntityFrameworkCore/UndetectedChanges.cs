using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// With automatic detection off, the application will detect changes itself, later; what it has changed by then must still be tracked. Finds
/// what <c>DetectChanges</c> would find, without calling it.
/// </summary>
internal static class UndetectedChanges
{
    /// <summary>The entity if it was changed, and the other end of a relationship that was.</summary>
    public static IEnumerable<EntityEntry> At(EntityEntry entry) =>
        entry.Properties.Any(IsChanged) || entry.ComplexProperties.Any(IsChanged)
            ? [entry]
            : entry.Navigations.SelectMany(navigation => At(entry, navigation));

    private static bool IsChanged(PropertyEntry property) =>
        !property.Metadata.GetValueComparer().Equals(property.CurrentValue, property.OriginalValue);

    private static bool IsChanged(ComplexPropertyEntry complex) => complex.Properties.Any(IsChanged) || complex.ComplexProperties.Any(IsChanged);

    // EF keeps both ends of a relationship and its foreign key in step, so where they are not, the application has changed one of them.
    private static IEnumerable<EntityEntry> At(EntityEntry entry, NavigationEntry navigation)
    {
        var targets = navigation.Targets().ToList();
        var outOfStep = targets.Where(target => target.State == EntityState.Detached || !LeadsBack(target, navigation.Metadata.Inverse, entry)).ToList();
        return outOfStep.Count > 0 || IsRedirected(entry, navigation, targets) ? [entry, .. outOfStep] : [];
    }

    private static bool LeadsBack(EntityEntry target, IReadOnlyNavigationBase? inverse, EntityEntry entry) =>
        inverse is null || target.Navigation(inverse.Name).Targets().Any(back => ReferenceEquals(back.Entity, entry.Entity));

    private static bool IsRedirected(EntityEntry entry, NavigationEntry navigation, List<EntityEntry> targets) =>
        navigation is { IsLoaded: true, Metadata: INavigation { IsOnDependent: true, ForeignKey: var foreignKey } }
        && (targets.Count == 0 ? HasForeignKey(entry, foreignKey) : !targets[0].HasKeyOf(foreignKey, entry));

    private static bool HasForeignKey(EntityEntry entry, IReadOnlyForeignKey foreignKey) =>
        foreignKey.Properties.All(property => entry.Property(property.Name).CurrentValue is not null);
}
