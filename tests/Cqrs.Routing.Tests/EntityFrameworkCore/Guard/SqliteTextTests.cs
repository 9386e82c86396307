using Cqrs.Routing.EntityFrameworkCore.Guard;

namespace Cqrs.Routing.Tests.EntityFrameworkCore.Guard;

public sealed class SqliteTextTests
{
    [Theory]
    [InlineData("SELECT \"delete\", `update`, [insert], t.\"replace\", replace FROM t", Traits = ["Case", "C130"])]
    [InlineData("SELECT $delete, $into, :update, @set, ?1 FROM t WHERE a LIKE @p ESCAPE '\\'")]
    [InlineData("EXPLAIN QUERY PLAN SELECT replace(a, 'x', 'y') FROM json_each(@p)")]
    [InlineData("SELECT * FROM pragma_table_info('t')")]
    [InlineData("SELECT 1 -- x\rDELETE FROM t")]
    [InlineData("PRAGMA table_info(\"t\"); PRAGMA index_list('t'); PRAGMA main.foreign_key_list([t]); PRAGMA integrity_check", Traits = ["Case", "C114"])]
    [InlineData("PRAGMA main.user_version; PRAGMA journal_mode; PRAGMA query_only", Traits = ["Case", "C115"])]
    [InlineData("BEGIN; SAVEPOINT a; RELEASE a; END", Traits = ["Case", "C118"])]
    [InlineData("BEGIN DEFERRED TRANSACTION; ROLLBACK", Traits = ["Case", "C118"])]
    public void Reads_are_let_through(string sql) => SqlText.Classify(sql, SqlDialect.Sqlite).Offender.ShouldBeNull();

    [Theory]
    [InlineData("REPLACE INTO t VALUES (1)", "REPLACE", Traits = ["Case", "C098"])]
    [InlineData("WITH x AS (SELECT 1) REPLACE INTO t SELECT * FROM x", "REPLACE", Traits = ["Case", "C098"])]
    [InlineData("SELECT 1 /* /* */; DELETE FROM t /* */ */", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT [a]]; DELETE FROM t --]", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("EXPLAIN DELETE FROM t", "DELETE", Traits = ["Case", "C112"])]
    [InlineData("PRAGMA journal_mode=WAL", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA journal_mode(WAL)", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA user_version = 1", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA \"user_version\" = 1", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA query_only(0)", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA query_only=OFF", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA main.wal_checkpoint", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA optimize", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA incremental_vacuum(1)", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA rekey", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("PRAGMA", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("EXPLAIN PRAGMA user_version = 1", "PRAGMA", Traits = ["Case", "C115"])]
    [InlineData("BEGIN IMMEDIATE", "IMMEDIATE", Traits = ["Case", "C118"])]
    [InlineData("BEGIN EXCLUSIVE TRANSACTION", "EXCLUSIVE", Traits = ["Case", "C118"])]
    [InlineData("ATTACH 'x' AS y", "ATTACH")]
    [InlineData("VACUUM", "VACUUM")]
    [InlineData("SELECT load_extension('x')", "load_extension")]
    public void Writes_are_refused_and_named(string sql, string offender) => SqlText.Classify(sql, SqlDialect.Sqlite).Offender.ShouldBe(offender);
}
