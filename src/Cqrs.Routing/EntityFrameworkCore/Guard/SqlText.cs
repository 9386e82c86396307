namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>Tells reads from writes by their text.</summary>
internal static class SqlText
{
    /// <summary>Judges every statement of a text by an allow-list: what is not known to read is refused.</summary>
    /// <param name="sql">Any text whatever; reading it takes time in proportion to its length.</param>
    /// <param name="dialect">Whose quotes and comments it has.</param>
    /// <returns>The verdict; it allocates only to name what is refused.</returns>
    public static SqlVerdict Classify(ReadOnlySpan<char> sql, SqlDialect dialect)
    {
        var batch = new StatementBatch(sql, dialect);
        return new(batch.FindWrite());
    }
}
