using System.Collections.Frozen;

namespace Cqrs.Routing.EntityFrameworkCore.Guard;

internal static class SqlKeywords
{
    private static readonly FrozenDictionary<string, SqlKeyword> Words = new (SqlKeyword Keyword, string Words)[]
    {
        (SqlKeyword.Read, "SELECT VALUES TABLE SHOW DESCRIBE DESC"),
        (SqlKeyword.With, "WITH"),
        (SqlKeyword.Explain, "EXPLAIN"),
        (SqlKeyword.Pragma, "PRAGMA"),
        (SqlKeyword.Session, "SET BEGIN START"),
        (SqlKeyword.Reset, "RESET"),
        (SqlKeyword.Control, "COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE DECLARE FETCH MOVE CLOSE OPEN DEALLOCATE USE"),
        (SqlKeyword.TransactControl, "IF ELSE WHILE PRINT RETURN WAITFOR THROW RAISERROR SAVE"),
        (SqlKeyword.Prepare, "PREPARE"),
        (SqlKeyword.Copy, "COPY"),
        (SqlKeyword.Insert, "INSERT"),
        (SqlKeyword.Update, "UPDATE"),
        (SqlKeyword.Delete, "DELETE"),
        (SqlKeyword.Merge, "MERGE"),
        (SqlKeyword.Replace, "REPLACE"),
        (SqlKeyword.TransactWrite,
            "EXEC EXECUTE CREATE ALTER DROP TRUNCATE GRANT REVOKE DENY BACKUP RESTORE DBCC KILL SHUTDOWN RECONFIGURE BULK WRITETEXT UPDATETEXT"),
        (SqlKeyword.LockHint, "UPDLOCK XLOCK TABLOCK TABLOCKX HOLDLOCK SERIALIZABLE"),
        (SqlKeyword.As, "AS"),
        (SqlKeyword.For, "FOR"),
        (SqlKeyword.From, "FROM"),
        (SqlKeyword.In, "IN"),
        (SqlKeyword.Into, "INTO"),
        (SqlKeyword.Join, "JOIN"),
        (SqlKeyword.Key, "KEY"),
        (SqlKeyword.Lock, "LOCK"),
        (SqlKeyword.Next, "NEXT"),
        (SqlKeyword.No, "NO"),
        (SqlKeyword.Only, "ONLY"),
        (SqlKeyword.ReadWord, "READ"),
        (SqlKeyword.Share, "SHARE"),
        (SqlKeyword.Stdout, "STDOUT"),
        (SqlKeyword.To, "TO"),
        (SqlKeyword.Union, "UNION"),
        (SqlKeyword.Value, "VALUE"),
        (SqlKeyword.Analyze, "ANALYZE ANALYSE"),
        (SqlKeyword.Write, "WRITE"),
        (SqlKeyword.Global, "GLOBAL PERSIST PERSIST_ONLY"),
        (SqlKeyword.All, "ALL"),
        (SqlKeyword.Clause, "WHERE ON USING INNER LEFT RIGHT FULL CROSS NATURAL GROUP ORDER HAVING LIMIT OFFSET WINDOW INTERSECT EXCEPT TABLESAMPLE OUTER"),
    }
        .SelectMany(entry => entry.Words.Split(' '), (entry, word) => (word, entry.Keyword))
        .ToFrozenDictionary(entry => entry.word, entry => entry.Keyword, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, SqlKeyword>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public static SqlKeyword Find(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out var keyword) ? keyword : SqlKeyword.None;
}
