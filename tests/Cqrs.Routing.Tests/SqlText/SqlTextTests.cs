using Cqrs.Routing.SqlText;

namespace Cqrs.Routing.Tests.SqlText;

/// <summary>SQL texts that the classifier reads alike in every dialect.</summary>
public sealed class SqlTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-- nothing but a comment\n")]
    [InlineData(" ; ;\n")]
    [InlineData("SELECT 1", Traits = ["Case", "C130"])]
    [InlineData("(SELECT 1) UNION (SELECT 2);")]
    [InlineData("select /* delete from t */ 1 -- update t set x = 1\n", Traits = ["Case", "C130"])]
    [InlineData("SELECT 'DELETE FROM t', \"delete\" FROM t", Traits = ["Case", "C130"])]
    [InlineData("SELECT 'INSERT; DELETE FROM t' AS a, replace(a, 'b', 'c') FROM t", Traits = ["Case", "C130"])]
    [InlineData("VALUES (1), (2)")]
    [InlineData("WITH x AS (SELECT 1 AS a) SELECT a FROM x", Traits = ["Case", "C087"])]
    [InlineData("COMMIT; ROLLBACK; SAVEPOINT a; RELEASE a", Traits = ["Case", "C118"])]
    [InlineData("BEGIN", Traits = ["Case", "C118"])]
    [InlineData("SET a = 1", Traits = ["Case", "C116"])]
    public void Reads_are_let_through(string sql)
    {
        foreach (var dialect in Enum.GetValues<SqlDialect>())
            SqlClassifier.Classify(sql, dialect).WriteKeyword.ShouldBeNull(dialect.ToString());
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (1)", "INSERT", Traits = ["Case", "C095"])]
    [InlineData("UPDATE t SET a = 1 WHERE false", "UPDATE", Traits = ["Case", "C096"])]
    [InlineData("DELETE FROM t WHERE 1 = 0", "DELETE", Traits = ["Case", "C097"])]
    [InlineData("REPLACE INTO t VALUES (1)", "REPLACE", Traits = ["Case", "C098"])]
    [InlineData("MERGE INTO t USING u ON 1 = 1 WHEN MATCHED THEN DO NOTHING", "MERGE", Traits = ["Case", "C099"])]
    [InlineData("WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT * FROM x", "INSERT", Traits = ["Case", "C087"])]
    [InlineData("WITH x AS (SELECT 1) DELETE FROM t", "DELETE", Traits = ["Case", "C087"])]
    [InlineData("SELECT 1; DELETE FROM t", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("(SELECT 1); ((DELETE FROM t", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT a INTO u FROM t", "INTO", Traits = ["Case", "C105"])]
    [InlineData("SELECT nextval('s')", "nextval", Traits = ["Case", "C106"])]
    [InlineData("SELECT NEXT VALUE FOR s", "NEXT VALUE FOR", Traits = ["Case", "C106"])]
    [InlineData("SELECT * FROM t FOR UPDATE", "FOR UPDATE", Traits = ["Case", "C167"])]
    [InlineData("SELECT pg_advisory_lock(1)", "pg_advisory_lock", Traits = ["Case", "C170"])]
    [InlineData("CALL p()", "CALL", Traits = ["Case", "C064"])]
    [InlineData("CREATE TABLE t (a int)", "CREATE", Traits = ["Case", "C064"])]
    [InlineData("ALTER TABLE t ADD a int", "ALTER", Traits = ["Case", "C064"])]
    [InlineData("DROP TABLE t", "DROP", Traits = ["Case", "C064"])]
    [InlineData("TRUNCATE TABLE t", "TRUNCATE", Traits = ["Case", "C064"])]
    [InlineData("GRANT SELECT ON t TO u", "GRANT", Traits = ["Case", "C064"])]
    [InlineData("EXECUTE p", "EXECUTE", Traits = ["Case", "C064"])]
    [InlineData("SELECT 'a", "a quote that does not end", Traits = ["Case", "C102"])]
    [InlineData("SELECT \"a", "a quote that does not end", Traits = ["Case", "C102"])]
    [InlineData("SELECT 1\0; DELETE FROM t", "a NUL character", Traits = ["Case", "C102"])]
    [InlineData("'a'", "a statement that is not known to read", Traits = ["Case", "C102"])]
    [InlineData("1", "a statement that is not known to read", Traits = ["Case", "C102"])]
    [InlineData("@p", "a statement that is not known to read", Traits = ["Case", "C102"])]
    public void Writes_are_refused_and_named(string sql, string offender)
    {
        foreach (var dialect in Enum.GetValues<SqlDialect>())
            SqlClassifier.Classify(sql, dialect).WriteKeyword.ShouldBe(offender, dialect.ToString());
    }

    [Fact]
    [Trait("Case", "C102")]
    public void A_comment_that_does_not_end_is_refused_where_it_is_no_comment()
    {
        foreach (var dialect in Enum.GetValues<SqlDialect>().Where(dialect => dialect != SqlDialect.Sqlite))
            SqlClassifier.Classify("SELECT 1 /* a", dialect).WriteKeyword.ShouldBe("a comment that does not end", dialect.ToString());
    }

    [Fact]
    [Trait("Case", "C093")]
    public void Many_comment_lines_hide_nothing() =>
        SqlClassifier.Classify(string.Concat(Enumerable.Repeat("-- comment\n", 50)) + "INSERT INTO t VALUES (1)", SqlDialect.PostgreSql).WriteKeyword.ShouldBe("INSERT");

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5000)]
    public void Deep_brackets_hide_nothing(int depth)
    {
        var open = "SELECT " + new string('(', depth);
        var close = new string(')', depth);
        var ctes = string.Concat(Enumerable.Repeat("WITH x AS (", depth));

        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            SqlClassifier.Classify(open + "SELECT a FROM t WHERE CASE WHEN b = 1 THEN c ELSE d END = 2" + close, dialect).WriteKeyword.ShouldBeNull();
            SqlClassifier.Classify(open + "SELECT a FROM t FOR UPDATE" + close, dialect).WriteKeyword.ShouldBe("FOR UPDATE");
            SqlClassifier.Classify(ctes + "SELECT 1" + close + " DELETE FROM t", dialect).WriteKeyword.ShouldBe("DELETE");
            SqlClassifier.Classify(ctes + "DELETE FROM t" + close + " SELECT 1", dialect).WriteKeyword.ShouldBe("DELETE");
        }
    }

    [Fact]
    public void A_read_allocates_nothing()
    {
        const string sql = "SELECT [o].[Id], N'x', set_config('a', @b, true) FROM [Orders] AS [o] /* x */ WHERE [o].[Id] = @id ORDER BY [o].[Id]; SET transaction_read_only = on";

        foreach (var dialect in Enum.GetValues<SqlDialect>())
        {
            SqlClassifier.Classify(sql, dialect).WriteKeyword.ShouldBeNull();
            var before = GC.GetAllocatedBytesForCurrentThread();
            SqlClassifier.Classify(sql, dialect);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0, dialect.ToString());
        }
    }
}
