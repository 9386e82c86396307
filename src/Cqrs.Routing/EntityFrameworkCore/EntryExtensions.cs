using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Cqrs.Routing.EntityFrameworkCore;

internal static class EntryExtensions
{
    /// <summary>What a navigation leads to now.</summary>
    public static IEnumerable<EntityEntry> Targets(this NavigationEntry navigation) => navigation switch
    {
        ReferenceEntry { TargetEntry: { } target } => [target],
        CollectionEntry { CurrentValue: { } items } collection => items.Cast<object>().Select(item => collection.FindEntry(item)!),
        _ => [],
    };

    /// <summary>Whether a dependent's foreign key holds the key of this principal.</summary>
    public static bool HasKeyOf(this EntityEntry principal, IReadOnlyForeignKey foreignKey, EntityEntry dependent) =>
        foreignKey.PrincipalKey.Properties.Zip(foreignKey.Properties)
            .All(pair => Equals(principal.Property(pair.First.Name).CurrentValue, dependent.Property(pair.Second.Name).CurrentValue));
}
