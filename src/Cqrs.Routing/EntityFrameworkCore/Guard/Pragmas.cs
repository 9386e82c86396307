using System.Collections.Frozen;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>SQLite's pragmas, as far as a query may use them.</summary>
internal static class Pragmas
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ReadWithArgument = Set(
        "table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list foreign_key_check integrity_check quick_check "
        + "function_list collation_list database_list module_list pragma_list compile_options");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ActWithoutArgument = Set(
        "optimize incremental_vacuum wal_checkpoint shrink_memory");

    /// <summary>Judges what follows the word PRAGMA: reading a setting is allowed, changing one is not.</summary>
    public static bool IsRead(ref SqlTokenizer tokens)
    {
        var name = tokens.Next();
        if (tokens.Peek().Is('.'))
        {
            tokens.Next();
            name = tokens.Next();
        }

        var next = tokens.Peek();
        return next.Is('(') ? ReadWithArgument.Contains(name.Text)
            : next.Kind == SqlTokenKind.End || next.Is(';') ? !ActWithoutArgument.Contains(name.Text)
            : false;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string names) =>
        names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
