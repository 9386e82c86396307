using Cqrs.Routing.EntityFrameworkCore.Guard;

namespace Cqrs.Routing.Tests.EntityFrameworkCore.Guard;

public sealed class SqlTextTests
{
    private const string P = nameof(SqlDialect.PostgreSql);
    private const string S = nameof(SqlDialect.SqlServer);
    private const string L = nameof(SqlDialect.Sqlite);
    private const string M = nameof(SqlDialect.MySql);
    private const string Any = "PostgreSql SqlServer Sqlite MySql Unknown";

    [Theory]
    [InlineData(Any, "")]
    [InlineData(Any, "-- nothing but a comment\n")]
    [InlineData(Any, "SELECT 1")]
    [InlineData(Any, "(SELECT 1) UNION (SELECT 2);")]
    [InlineData(Any, "select /* delete from t */ 1 -- update t set x = 1\n")]
    [InlineData(Any, "VALUES (1), (2)")]
    [InlineData(Any, "WITH x AS (SELECT 1 AS a) SELECT a FROM x")]
    [InlineData(P, "TABLE t")]
    [InlineData(P, "SELECT substring(a FROM 2 FOR 3), replace(a, 'b', 'c') FROM t WHERE a = ANY ($1) AND b = @p AND c = :delete")]
    [InlineData(P, "SELECT update, t.delete, x AS insert FROM t AS merge, LATERAL (SELECT 1) set WHERE update > 1")]
    [InlineData(P, "SELECT count(update), (delete) FROM t")]
    [InlineData(P, "SELECT $$DELETE FROM t; '$$, $tag$ $$ INSERT $tag$")]
    [InlineData(P, "SELECT E'it\\'s; DELETE FROM t' FROM t")]
    [InlineData(P, "SELECT a['x'] /* nested /* comment */ DELETE FROM t */ FROM t")]
    [InlineData(P, "SELECT currval('s'), lastval(), f_write()")]
    [InlineData(P, "EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1")]
    [InlineData(P, "DECLARE c CURSOR FOR SELECT 1; FETCH 1 FROM c; MOVE c; CLOSE c")]
    [InlineData(P, "PREPARE p (int) AS SELECT $1; DEALLOCATE p")]
    [InlineData(P, "COPY t (a) TO STDOUT")]
    [InlineData(P, "COPY (SELECT a FROM t) TO STDOUT WITH (FORMAT csv)")]
    [InlineData(P, "SET LOCAL work_mem = '1MB'; SET default_transaction_read_only = on; RESET work_mem")]
    [InlineData(P, "BEGIN; SAVEPOINT a; ROLLBACK TO SAVEPOINT a; RELEASE a; COMMIT")]
    [InlineData(P, "START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY; SHOW work_mem; END; ABORT")]
    [InlineData(S, "SELECT [delete], [a]]b;DELETE] FROM [t] WITH (NOLOCK) OPTION (MERGE JOIN, RECOMPILE)")]
    [InlineData(S, "SELECT * FROM t FOR SYSTEM_TIME AS OF '2020' FOR JSON PATH")]
    [InlineData(S, "SELECT a FROM t INNER MERGE JOIN u ON 1 = 1 ORDER BY a OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY")]
    [InlineData(S, "SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; DECLARE @x int = 1; SELECT @x")]
    [InlineData(S, "IF EXISTS (SELECT * FROM INFORMATION_SCHEMA.TABLES) SELECT 1 ELSE SELECT 0")]
    [InlineData(S, "SELECT * FROM OPENJSON(@j) WITH ([value] int '$') AS v, #temp")]
    [InlineData(L, "PRAGMA table_info(\"t\"); PRAGMA main.user_version; SELECT \"delete\", `update`, [insert] FROM t")]
    [InlineData(L, "EXPLAIN QUERY PLAN SELECT replace(a, 'x', 'y') FROM json_each(@p)")]
    [InlineData(M, "SELECT 'it\\'s; DELETE FROM t', \"x\\\"; DELETE\", INSERT('a', 1, 1, 'b') # DELETE\n")]
    [InlineData(M, "SET NAMES utf8mb4; SHOW TABLES; DESCRIBE t; DESC t")]
    [Trait("Case", "C110")]
    [Trait("Case", "C114")]
    [Trait("Case", "C116")]
    [Trait("Case", "C118")]
    [Trait("Case", "C119")]
    [Trait("Case", "C130")]
    public void Reads_are_let_through(string dialects, string sql)
    {
        foreach (var dialect in dialects.Split(' '))
            SqlText.Classify(sql, Enum.Parse<SqlDialect>(dialect)).Offender.ShouldBeNull(dialect);
    }

    [Theory]
    [InlineData(Any, "INSERT INTO t VALUES (1)", "INSERT", "C095")]
    [InlineData(Any, "UPDATE t SET a = 1 WHERE false", "UPDATE", "C096")]
    [InlineData(Any, "DELETE FROM t WHERE 1 = 0", "DELETE", "C097")]
    [InlineData(Any, "REPLACE INTO t VALUES (1)", "REPLACE", "C098")]
    [InlineData(Any, "MERGE INTO t USING u ON 1 = 1 WHEN MATCHED THEN DO NOTHING", "MERGE", "C099")]
    [InlineData(Any, "WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT * FROM x", "INSERT", "C087")]
    [InlineData(Any, "WITH x AS (SELECT 1) DELETE FROM t", "DELETE", "C087")]
    [InlineData(P, "WITH x AS MATERIALIZED (UPDATE ONLY t SET a = 1 RETURNING a) SELECT * FROM x", "UPDATE", "C087")]
    [InlineData(S, "SET IMPLICIT_TRANSACTIONS OFF; SET NOCOUNT ON; INSERT INTO [t] ([a]) OUTPUT INSERTED.[Id] VALUES (@p0)", "INSERT", "C101")]
    [InlineData(S, "SET NOCOUNT ON INSERT INTO t VALUES (1)", "INSERT", "C101")]
    [InlineData(Any, "SELECT 1; DELETE FROM t", "DELETE", "C102")]
    [InlineData(S, "SELECT 1DELETE FROM t", "DELETE", "C102")]
    [InlineData(S, "IF 1 = 1 EXEC p ELSE SELECT 1", "EXEC", "C102")]
    [InlineData(S, "SELECT * FROM t WITH (READPAST, UPDLOCK)", "UPDLOCK", "C104")]
    [InlineData(S, "SELECT * FROM t (XLOCK) JOIN u WITH (HOLDLOCK) ON 1 = 1", "XLOCK", "C169")]
    [InlineData(Any, "SELECT a INTO u FROM t", "INTO", "C105")]
    [InlineData(P, "SELECT nextval('s')", "nextval", "C106")]
    [InlineData(P, "SELECT pg_catalog.\"setval\"('s', 1)", "setval", "C106")]
    [InlineData(S, "SELECT NEXT VALUE FOR s", "NEXT VALUE FOR", "C106")]
    [InlineData(P, "COPY t FROM STDIN", "COPY FROM", "C111")]
    [InlineData(P, "COPY t TO PROGRAM 'x'", "COPY", "C111")]
    [InlineData(P, "COPY (DELETE FROM t RETURNING a) TO STDOUT", "DELETE", "C111")]
    [InlineData(P, "EXPLAIN ANALYZE DELETE FROM t", "DELETE", "C112")]
    [InlineData(P, "EXPLAIN DELETE FROM t", "DELETE", "C112")]
    [InlineData(L, "PRAGMA journal_mode=WAL", "PRAGMA", "C115")]
    [InlineData(L, "PRAGMA query_only(0)", "PRAGMA", "C115")]
    [InlineData(L, "PRAGMA main.wal_checkpoint", "PRAGMA", "C115")]
    [InlineData(P, "SET TRANSACTION READ WRITE", "READ WRITE", "C117")]
    [InlineData(P, "BEGIN READ WRITE", "READ WRITE", "C117")]
    [InlineData(P, "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "READ WRITE", "C117")]
    [InlineData(P, "SET LOCAL default_transaction_read_only TO off", "DEFAULT_TRANSACTION_READ_ONLY", "C117")]
    [InlineData(P, "RESET ALL", "ALL", "C117")]
    [InlineData(M, "SET GLOBAL read_only = 0", "GLOBAL", "C117")]
    [InlineData(M, "SET @@global.read_only = 0", "a global variable", "C117")]
    [InlineData(P, "SELECT set_config('transaction_read_only', 'off', false)", "set_config", "C117")]
    [InlineData(P, "PREPARE p AS INSERT INTO t VALUES (1)", "INSERT", "C120")]
    [InlineData(P, "EXECUTE p", "EXECUTE", "C120")]
    [InlineData(P, "LOCK TABLE t IN ACCESS SHARE MODE", "LOCK", "C121")]
    [InlineData(P, "SELECT * FROM t FOR NO KEY UPDATE SKIP LOCKED", "FOR UPDATE", "C167")]
    [InlineData(P, "SELECT * FROM (SELECT * FROM t FOR KEY SHARE) AS u", "FOR SHARE", "C167")]
    [InlineData(M, "SELECT * FROM t LOCK IN SHARE MODE", "LOCK IN SHARE MODE", "C167")]
    [InlineData(P, "SELECT pg_try_advisory_xact_lock(1)", "pg_try_advisory_xact_lock", "C170")]
    [InlineData(Any, "CALL p()", "CALL", "C102")]
    [InlineData(P, "DO $$ BEGIN DELETE FROM t; END $$", "DO", "C102")]
    [InlineData(M, "SELECT 1 /*! INTO OUTFILE 'x' */", "text that databases read differently", "C105")]
    [InlineData("Unknown", "SELECT [a'b]; DELETE FROM t --'", "text that databases read differently", "C102")]
    [InlineData("MySql Sqlite Unknown", "SELECT 1 /* /* */; DELETE FROM t /* */ */", null, "C102")]
    public void Writes_are_refused_and_named(string dialects, string sql, string? offender, string conformanceCase)
    {
        foreach (var dialect in dialects.Split(' '))
        {
            var verdict = SqlText.Classify(sql, Enum.Parse<SqlDialect>(dialect));

            verdict.IsRead.ShouldBeFalse($"{conformanceCase}, {dialect}");
            if (offender is not null)
                verdict.Offender.ShouldBe(offender, $"{conformanceCase}, {dialect}");
        }
    }

    [Fact]
    [Trait("Case", "C093")]
    public void Many_comment_lines_hide_nothing() =>
        SqlText.Classify(string.Concat(Enumerable.Repeat("-- comment\n", 50)) + "INSERT INTO t VALUES (1)", SqlDialect.PostgreSql).Offender.ShouldBe("INSERT");

    [Fact]
    public void A_read_allocates_nothing()
    {
        const string sql = "SELECT [o].[Id], N'x' FROM [Orders] AS [o] WITH (NOLOCK) WHERE [o].[Id] = @id ORDER BY [o].[Id]";
        SqlText.Classify(sql, SqlDialect.SqlServer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        SqlText.Classify(sql, SqlDialect.SqlServer);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
