using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Tests.SqlText;

/// <summary>A text for an unknown database is a read only if every known dialect classifies it as a read.</summary>
public sealed class UnknownDialectTextTests
{
    [Theory]
    [InlineData("SELECT \"a\", q.b, 'it''s' FROM \"T\" \"t\" WHERE \"t\".\"b\" LIKE :p ESCAPE '\\' AND c[1] = `d` OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY")]
    [InlineData("SELECT t.delete, a AS update, [delete], \"delete\" FROM t", Traits = ["Case", "C130"])]
    [InlineData("SAVEPOINT x; ROLLBACK TO SAVEPOINT x", Traits = ["Case", "C118"])]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT a FROM x) y")]
    [InlineData("SELECT * FROM TABLE (f(1))")]
    public void Reads_are_let_through(string sql) => SqlClassifier.Classify(sql, SqlDialect.Unknown).WriteKeyword.ShouldBeNull();

    [Theory]
    [InlineData("SELECT [a'b]; DELETE FROM t --'", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT $$; DELETE FROM t --$$", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT '\\'; DELETE FROM t --'", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT `a'b`; DELETE FROM t --'", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT 1 # '\n; DELETE FROM t --'", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT 1 --1; DELETE FROM t", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT 'a\\'; b c --'", "a statement that is not known to read", Traits = ["Case", "C102"])]
    [InlineData("SELECT q'[']' FROM dual; DELETE FROM t --'", "a string written with q''", Traits = ["Case", "C102"])]
    [InlineData("SELECT a DELETE FROM t", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT * FROM FINAL TABLE (INSERT INTO t VALUES (1))", "INSERT", Traits = ["Case", "C102"])]
    [InlineData("SELECT 1 /*! INTO OUTFILE 'x' */", "a comment that MySQL executes", Traits = ["Case", "C105"])]
    [InlineData("SELECT s.NEXTVAL FROM dual", "nextval", Traits = ["Case", "C106"])]
    [InlineData("SELECT * FROM t WITH LOCK", "LOCK", Traits = ["Case", "C167"])]
    public void Writes_are_refused_and_named(string sql, string offender) => SqlClassifier.Classify(sql, SqlDialect.Unknown).WriteKeyword.ShouldBe(offender);
}
