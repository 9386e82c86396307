namespace Cqrs.Routing.SqlText;

/// <summary>Distinguishes reads from writes by their text.</summary>
internal static class SqlClassifier
{
    private static readonly SqlDialect[] Known = [SqlDialect.SqlServer, SqlDialect.PostgreSql, SqlDialect.Sqlite, SqlDialect.MySql];

    /// <summary>Classifies every statement of a text by an allow-list: a statement that is not known to read is refused.</summary>
    /// <param name="sql">Any text. Reading it takes time in proportion to its length.</param>
    /// <param name="dialect">The dialect of the text.</param>
    /// <param name="declared">The procedures and functions that the application declares as reading; null for none.</param>
    /// <returns>The classification. Only the name of a refused part is allocated.</returns>
    public static SqlClassification Classify(ReadOnlySpan<char> sql, SqlDialect dialect, DeclaredReads? declared = null)
    {
        if (dialect != SqlDialect.Unknown)
            return Judge(new(sql, dialect, declared));

        foreach (var reading in Known)
        {
            var verdict = Judge(new(sql, reading, declared, isGuess: true));
            if (!verdict.IsRead)
                return verdict;
        }

        return new(WriteKeyword: null);
    }

    private static SqlClassification Judge(SqlStatementScanner batch) => new(batch.FindWrite());
}
