using System.Collections.Concurrent;
using System.Text;

namespace Cqrs.Routing.SqlText;

/// <summary>
/// Holds the procedures and functions that one context's options declare as reading, by name. Classifications that depend on them are cached here, separate from those of
/// all contexts.
/// </summary>
/// <remarks>Immutable except for its cache; thread safe.</remarks>
internal sealed class DeclaredReads
{
    /// <summary>The tag that <c>TagAsRead()</c> adds to a query.</summary>
    public const string ReadTag = "Cqrs.Routing: only reads";

    // TagAsRead puts the tag in front of a text. Only the first comment counts, because a later comment may contain anything. A value is always in a string or a
    // parameter.
    private const string LineTag = $"-- {ReadTag}";
    private const string BlockTag = $"/* {ReadTag} */";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<SqlDialect, SqlClassificationCache> _verdicts = new();

    public DeclaredReads(IEnumerable<string> names) => _names.UnionWith(names.Select(Parse));

    /// <summary>Returns whether the author of a text declared at the call that it reads.</summary>
    public static bool IsTagged(ReadOnlySpan<char> sql)
    {
        sql = sql.TrimStart();
        return sql.StartsWith(BlockTag, StringComparison.Ordinal)
            || (sql.StartsWith(LineTag, StringComparison.Ordinal) && sql[LineTag.Length..] is ['\r' or '\n', ..]);
    }

    /// <summary>Returns the keyword or function that makes a text a write; null if it reads according to these declarations.</summary>
    public string? OffenderIn(string sql, SqlDialect dialect, string offender) => _names.Count == 0
        ? offender
        : _verdicts.GetOrAdd(dialect, static (dialect, reads) => new(dialect, reads), this).OffenderIn(sql);

    /// <summary>Reads a name such as <c>dbo.GetOrders</c>, and returns whether it was declared.</summary>
    public bool Contains(ref SqlTokenizer tokens) => ReadName(ref tokens) is { } name && _names.Contains(name);

    /// <summary>Returns the normalised form of a name, independent of its quotes.</summary>
    /// <exception cref="ArgumentException">The text is not a name.</exception>
    public static string Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var dialect in (ReadOnlySpan<SqlDialect>)[SqlDialect.SqlServer, SqlDialect.MySql])
        {
            var tokens = new SqlTokenizer(name, dialect);
            if (ReadName(ref tokens) is { } parsed && tokens.Next().Kind == SqlTokenKind.End)
                return parsed;
        }

        throw new ArgumentException($"'{name}' is not the name of a procedure or function. Write it as its calls do, but without parentheses: dbo.GetOrders, or reports.\"Orders of\". [CR209]", nameof(name));
    }

    private static string? ReadName(ref SqlTokenizer tokens)
    {
        var name = new StringBuilder();
        while (true)
        {
            var part = tokens.Next();
            if (!part.IsName)
                return null;

            name.Append(part.Text);
            if (!tokens.Peek().Is('.'))
                return name.ToString();

            // No part of a name contains this character.
            name.Append('\0');
            tokens.Next();
        }
    }
}
