using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>The database functions of the application's own that LINQ may call.</summary>
internal static class MappedFunctions
{
    // By model, and as long as that.
    private static readonly ConditionalWeakTable<IModel, string[]> Names = [];

    public static bool AreCalledIn(string sql, DbContext context)
    {
        foreach (var name in Names.GetValue(context.Model, static model => [.. model.GetDbFunctions().Where(function => !function.IsBuiltIn).Select(function => function.Name)]))
        {
            if (sql.Contains(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
