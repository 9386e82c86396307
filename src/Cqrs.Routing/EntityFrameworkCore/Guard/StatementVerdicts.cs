using System.Runtime.CompilerServices;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>
/// What the classifier found, remembered per text for as long as the text lives: EF keeps one string per compiled query, so a query is read once.
/// Thread safe.
/// </summary>
internal sealed class StatementVerdicts(SqlDialect dialect)
{
    private static readonly object Read = new();
    private static readonly object ReadThatCalls = new();

    private readonly ConditionalWeakTable<string, object> _verdicts = [];

    /// <summary>The part of a text that makes it a write, or null for a read.</summary>
    public string? OffenderIn(string sql) => Of(sql) as string;

    /// <summary>Whether a text writes, or calls a function of which only the database knows what it does.</summary>
    public bool MayWrite(string sql) => !ReferenceEquals(Of(sql), Read);

    private object Of(string sql)
    {
        if (!_verdicts.TryGetValue(sql, out var known))
        {
            var verdict = SqlText.Classify(sql, dialect);
            known = verdict.Offender ?? (verdict.CallsUnknown ? ReadThatCalls : Read);
            _verdicts.TryAdd(sql, known);
        }

        return known;
    }
}
