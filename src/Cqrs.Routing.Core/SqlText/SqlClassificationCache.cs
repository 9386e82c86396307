using System.Runtime.CompilerServices;

namespace Cqrs.Routing.SqlText;

/// <summary>Caches the classification of each text for the lifetime of its string. EF Core keeps one string per compiled query, so each query is classified once. Thread safe.</summary>
internal sealed class SqlClassificationCache(SqlDialect dialect, DeclaredReads? declared = null)
{
    private static readonly object Read = new();

    private readonly ConditionalWeakTable<string, object> _verdicts = [];

    public SqlDialect Dialect => dialect;

    /// <summary>Returns the part of a text that makes it a write; null for a read.</summary>
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
