using System.Collections.Concurrent;
using System.Text;

namespace Cqrs.Routing.SqlText;

/// <summary>What one context's options declare to read: procedures and functions by name. Verdicts that depend on them are kept here, and not with those of all contexts.</summary>
/// <remarks>Immutable, but for what it caches; thread safe.</remarks>
internal sealed class DeclaredReads
{
    /// <summary>What <c>TagAsRead()</c> tags a query with.</summary>
    public const string ReadTag = "Cqrs.Routing: only reads";

    // What TagAsRead puts in front of a text. Only as its first comment: a comment further on may hold anything, and a value is in a string or a parameter.
    private const string LineTag = $"-- {ReadTag}";
    private const string BlockTag = $"/* {ReadTag} */";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<SqlDialect, SqlClassificationCache> _verdicts = new();

    public DeclaredReads(IEnumerable<string> names) => _names.UnionWith(names.Select(Parse));

    /// <summary>Whether the author of a text said at the call that it reads.</summary>
    public static bool IsTagged(ReadOnlySpan<char> sql)
    {
        sql = sql.TrimStart();
        return sql.StartsWith(BlockTag, StringComparison.Ordinal)
            || (sql.StartsWith(LineTag, StringComparison.Ordinal) && sql[LineTag.Length..] is ['\r' or '\n', ..]);
    }

    /// <summary>What makes a text a write, or null if it reads by what is declared here.</summary>
    public string? OffenderIn(string sql, SqlDialect dialect, string offender) => _names.Count == 0
        ? offender
        : _verdicts.GetOrAdd(dialect, static (dialect, reads) => new(dialect, reads), this).OffenderIn(sql);

    /// <summary>Reads a name such as <c>dbo.GetOrders</c>, and says whether it was declared.</summary>
    public bool Contains(ref SqlTokenizer tokens) => ReadName(ref tokens) is { } name && _names.Contains(name);

    /// <summary>The one spelling of a name, whatever its quotes.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Parse(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        foreach (var dialect in (ReadOnlySpan<SqlDialect>)[SqlDialect.SqlServer, SqlDialect.MySql])
        {
            var tokens = new SqlTokenizer(name, dialect);
            if (ReadName(ref tokens) is { } parsed && tokens.Next().Kind == SqlTokenKind.End)
                return parsed;
        }

        throw new ArgumentException($"'{name}' is not the name of a procedure or function. Write it as its calls do, without brackets for parameters: dbo.GetOrders, or reports.\"Orders of\".", nameof(name));
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

            // No part of a name holds it.
            name.Append('\0');
            tokens.Next();
        }
    }
}
