using System.Runtime.CompilerServices;

namespace Cqrs.Routing.SqlText;

/// <summary>
/// What the classifier found, remembered per text for as long as the text lives: EF keeps one string per compiled query, so a query is read once.
/// Thread safe.
/// </summary>
internal sealed class SqlClassificationCache(SqlDialect dialect, DeclaredReads? declared = null)
{
    private static readonly object Read = new();

    private readonly ConditionalWeakTable<string, object> _verdicts = [];

    /// <summary>The part of a text that makes it a write, or null for a read.</summary>
    public string? OffenderIn(string sql)
    {
        if (!_verdicts.TryGetValue(sql, out var known))
        {
            known = SqlClassifier.Classify(sql, dialect, declared).WriteKeyword ?? Read;
            _verdicts.TryAdd(sql, known);
        }

        return known as string;
    }
}
