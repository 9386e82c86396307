using Cqrs.Routing.EntityFrameworkCore.Guard;

namespace Cqrs.Routing.Tests.EntityFrameworkCore.Guard;

public sealed class MySqlTextTests
{
    [Theory]
    [InlineData("SELECT 'it\\'s; DELETE FROM t', \"x\\\"; DELETE\", INSERT('a', 1, 1, 'b'), replace('a', 'b', 'c') # DELETE\n", Traits = ["Case", "C130"])]
    [InlineData("SELECT `delete`, t.update, @insert := 1, @@version, 5--1 /*+ MAX_EXECUTION_TIME(1) */ FROM t")]
    [InlineData("USE db")]
    [InlineData("EXPLAIN FORMAT=JSON SELECT 1; EXPLAIN t", Traits = ["Case", "C112"])]
    [InlineData("SHOW TABLES; SHOW CREATE TABLE t; DESCRIBE t; DESC t", Traits = ["Case", "C114"])]
    [InlineData("SET NAMES utf8mb4; SET SESSION sql_mode = DEFAULT, @global = 1, @password = 'x'", Traits = ["Case", "C116"])]
    [InlineData("SET SESSION TRANSACTION READ ONLY; SET transaction_read_only = 1, @@session.tx_read_only = on", Traits = ["Case", "C117"])]
    [InlineData("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY; COMMIT", Traits = ["Case", "C118"])]
    public void Reads_are_let_through(string sql) => SqlText.Classify(sql, SqlDialect.MySql).Offender.ShouldBeNull();

    [Theory]
    [InlineData("REPLACE INTO t VALUES (1)", "REPLACE", Traits = ["Case", "C098"])]
    [InlineData("SELECT 1 --1; DELETE FROM t", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT 1 /* /* */; DELETE FROM t /* */ */", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("SELECT 1 # x\r\n; DELETE FROM t", "DELETE", Traits = ["Case", "C102"])]
    [InlineData("BEGIN NOT ATOMIC CALL p(); END", "ATOMIC", Traits = ["Case", "C102"])]
    [InlineData("SELECT 1 /*! INTO OUTFILE 'x' */", "a comment that MySQL executes", Traits = ["Case", "C105"])]
    [InlineData("SELECT 1 /*M! INTO OUTFILE 'x' */", "a comment that MySQL executes", Traits = ["Case", "C105"])]
    [InlineData("SELECT a INTO OUTFILE 'x' FROM t", "INTO", Traits = ["Case", "C105"])]
    [InlineData("TABLE t INTO OUTFILE 'x'", "INTO", Traits = ["Case", "C105"])]
    [InlineData("DESC ANALYZE DELETE FROM t", "DELETE", Traits = ["Case", "C112"])]
    [InlineData("EXPLAIN ANALYZE FORMAT=TREE DELETE FROM t", "DELETE", Traits = ["Case", "C112"])]
    [InlineData("RESET MASTER", "RESET", Traits = ["Case", "C116"])]
    [InlineData("SET PASSWORD = 'x'", "PASSWORD", Traits = ["Case", "C116"])]
    [InlineData("SET STATEMENT max_statement_time = 1 FOR TRUNCATE t", "STATEMENT", Traits = ["Case", "C116"])]
    [InlineData("SET GLOBAL read_only = 0", "GLOBAL", Traits = ["Case", "C117"])]
    [InlineData("SET a = 1, PERSIST b = 2", "PERSIST", Traits = ["Case", "C117"])]
    [InlineData("SET @@global.read_only = 0", "GLOBAL", Traits = ["Case", "C117"])]
    [InlineData("SET @@session.transaction_read_only = 0", "TRANSACTION_READ_ONLY", Traits = ["Case", "C117"])]
    [InlineData("SET tx_read_only = off", "TX_READ_ONLY", Traits = ["Case", "C117"])]
    [InlineData("SET SESSION TRANSACTION READ WRITE", "READ WRITE", Traits = ["Case", "C117"])]
    [InlineData("START SLAVE", "SLAVE", Traits = ["Case", "C118"])]
    [InlineData("PREPARE s FROM 'DELETE FROM t'", "PREPARE", Traits = ["Case", "C120"])]
    [InlineData("SELECT * FROM t LOCK IN SHARE MODE", "LOCK IN SHARE MODE", Traits = ["Case", "C167"])]
    [InlineData("SELECT * FROM t FOR UPDATE", "FOR UPDATE", Traits = ["Case", "C167"])]
    [InlineData("SELECT GET_LOCK('x', 1)", "GET_LOCK", Traits = ["Case", "C170"])]
    public void Writes_are_refused_and_named(string sql, string offender) => SqlText.Classify(sql, SqlDialect.MySql).Offender.ShouldBe(offender);
}
