namespace Cqrs.Routing.SqlText;

/// <summary>Tells reads from writes by their text.</summary>
internal static class SqlClassifier
{
    private static readonly SqlDialect[] Known = [SqlDialect.SqlServer, SqlDialect.PostgreSql, SqlDialect.Sqlite, SqlDialect.MySql];

    /// <summary>Judges every statement of a text by an allow-list: what is not known to read is refused.</summary>
    /// <param name="sql">Any text whatever; reading it takes time in proportion to its length.</param>
    /// <param name="dialect">Whose rules it follows.</param>
    /// <param name="declared">Procedures and functions that the application says read.</param>
    /// <returns>The verdict; it allocates only to name what is refused.</returns>
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
