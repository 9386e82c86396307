using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>What a context tracks, as text, without making it detect changes.</summary>
public static class Digest
{
    public static string Of(DbContext db)
    {
        var tracker = db.ChangeTracker;
        var detects = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;
        try
        {
            return string.Join('\n', tracker.Entries().Select(Of).Order(StringComparer.Ordinal));
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detects;
        }
    }

    private static string Of(EntityEntry entry)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"  {entry.Metadata.ShortName()} {entry.State}");
        foreach (var property in entry.Properties)
            Append(text, property);
        foreach (var complex in entry.ComplexProperties)
        {
            foreach (var property in complex.Properties)
                Append(text, property);
        }

        foreach (var navigation in entry.Navigations)
            text.Append(CultureInfo.InvariantCulture, $" {navigation.Metadata.Name}{(navigation.IsLoaded ? "" : "?")}={Describe.Value(navigation.CurrentValue)}");
        return text.ToString();
    }

    private static void Append(StringBuilder text, PropertyEntry property)
    {
        // A key that EF made up until the row has one is another one in each run.
        text.Append(CultureInfo.InvariantCulture, $" {property.Metadata.Name}={(property.IsTemporary ? "new" : Describe.Value(property.CurrentValue))}");
        if (property.IsModified)
            text.Append(CultureInfo.InvariantCulture, $"(was {(property.IsTemporary ? "new" : Describe.Value(property.OriginalValue))})");
    }
}
