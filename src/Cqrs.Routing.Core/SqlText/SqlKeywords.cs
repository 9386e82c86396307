using System.Collections.Frozen;

namespace Cqrs.Routing.SqlText;

internal static class SqlKeywords
{
    private static readonly FrozenDictionary<string, SqlKeyword>.AlternateLookup<ReadOnlySpan<char>> Lookup = Enum.GetValues<SqlKeyword>()
        .Where(keyword => keyword != SqlKeyword.None)
        .ToFrozenDictionary(keyword => keyword.ToString(), StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    public static SqlKeyword Find(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var keyword) ? keyword : SqlKeyword.None;

    public static bool IsVerb(this SqlKeyword keyword) => keyword is >= SqlKeyword.Add and <= SqlKeyword.With;

    /// <summary>Returns whether Transact-SQL reserves the word, so that without quotes it begins a statement.</summary>
    public static bool IsTransactVerb(this SqlKeyword keyword) => keyword is >= SqlKeyword.Add and <= SqlKeyword.WriteText;

    /// <summary>Returns whether the word changes rows, so that it may end a WITH.</summary>
    public static bool ChangesRows(this SqlKeyword keyword) =>
        keyword is SqlKeyword.Insert or SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Merge or SqlKeyword.Replace;

    /// <summary>Returns whether Transact-SQL cannot end a statement with the word.</summary>
    public static bool ExpectsOperand(this SqlKeyword keyword) =>
        keyword is SqlKeyword.Select or (>= SqlKeyword.And and <= SqlKeyword.Where);
}
