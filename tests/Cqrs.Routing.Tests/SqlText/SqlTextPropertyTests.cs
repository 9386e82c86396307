using Cqrs.Routing.SqlText;
using CsCheck;

namespace Cqrs.Routing.Tests.SqlText;

public sealed class SqlTextPropertyTests
{
    private static readonly string[] Fragments =
    [
        "SELECT", "1", "*", "FROM", "t", "WHERE", "a", "=", "@p", "$1", "(", ")", ",", ";", "'", "''", "'x'", "\"", "\"delete\"", "[", "]", "`", "--", "-- x\n", "\n", "\r", "/*", "*/",
        "$$", "$a$", "E'", "U&\"", "\\", "#", ":", "AS", "WITH", "UPDATE", "DELETE", "INSERT", "INTO", "SET", "PRAGMA", "EXPLAIN", "ANALYZE", "FOR", "COPY", "TO", "STDOUT",
        "nextval", "set_config", ".", "PREPARE", "BEGIN", "READ", "WRITE", "\0", "\uD800", "\u00A0", "\u2028", "MERGE", "JOIN", "IF", "ELSE", "END", "DECLARE", "CURSOR", "FETCH",
        "NOLOCK", "UPDLOCK", "SHARE", "LOCK", "IN", "KEY", "RESET", "transaction_read_only", "on", "1e", "TABLE", "VALUES", "MATERIALIZED", "table_info",
    ];

    private static readonly string[] Writes =
        ["INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "DELETE FROM t", "MERGE INTO t USING u ON 1 = 1", "CREATE TABLE u (a int)", "DROP TABLE t", "TRUNCATE TABLE t", "EXEC p"];

    private static readonly string[] Reads =
        ["SELECT a FROM t", "SELECT 1", "SELECT f(a) AS b FROM t u", "SELECT * FROM t WHERE a = @p", "SELECT [a]", "SELECT 'x'", "SET NOCOUNT ON", "DECLARE @x int = 1", "COMMIT"];

    private static readonly Gen<string> Glued = OneOf(Fragments).Array[0, 12].Select(parts => string.Join(' ', parts));

    private static readonly Gen<SqlDialect> Dialects = Gen.Enum<SqlDialect>();

    [Fact]
    public void No_text_makes_the_classifier_throw() =>
        Gen.OneOf(Gen.String, Glued, OneOf(Fragments).Array[0, 12].Select(string.Concat))
            .Select(Dialects).Sample((text, dialect) => SqlClassifier.Classify(text, dialect), iter: 20_000);

    [Fact]
    public void A_write_after_a_read_is_refused()
    {
        var reads = 0;
        Glued.Select(Dialects, OneOf(Writes), Gen.Bool).Sample(
            (text, dialect, write, isWhole) =>
            {
                var read = isWhole ? text : $"SELECT {text}";
                if (!SqlClassifier.Classify(read, dialect).IsRead)
                    return;

                // A comment of SQLite that does not end takes in what follows. An open quote is refused everywhere else.
                if (dialect == SqlDialect.Sqlite && SqlClassifier.Classify($"{read}\n'", dialect).IsRead)
                    return;

                Interlocked.Increment(ref reads);
                SqlClassifier.Classify($"{read}\n;\n{write}", dialect).IsRead.ShouldBeFalse();
            },
            iter: 50_000);
        reads.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void On_SQL_Server_a_write_after_a_read_needs_no_semicolon() =>
        OneOf(Reads).Array[1, 3].Select(OneOf(Writes), OneOf(" ", "\n", "/**/", " -- x\n"))
            .Sample((reads, write, space) => SqlClassifier.Classify(string.Join(space, reads) + space + write, SqlDialect.SqlServer).WriteKeyword.ShouldBe(write[..write.IndexOf(' ')]));

    [Fact]
    public void Comments_space_and_case_change_nothing() =>
        OneOf("SELECT a FROM t", "WITH x AS (SELECT 1) SELECT * FROM x", "DELETE FROM t", "SELECT a INTO b FROM t", "SELECT nextval ( 's' )", "SELECT a FROM t FOR NO KEY UPDATE",
                "SELECT NEXT VALUE FOR s", "SET NOCOUNT ON SELECT a FROM t WITH ( UPDLOCK )", "BEGIN READ WRITE", "EXPLAIN ( ANALYZE ) DELETE FROM t", "PRAGMA table_info ( t )", "PRAGMA a = 1")
            .Select(Dialects, OneOf(" ", "\n", "\t\r\n", " /* x */ ", " -- x\n", "/*'*/"), Gen.Bool)
            .Sample((text, dialect, space, isLower) => SqlClassifier.Classify((isLower ? text.ToLowerInvariant() : text).Replace(" ", space), dialect).IsRead
                .ShouldBe(SqlClassifier.Classify(text, dialect).IsRead));

    [Fact]
    public void A_quoted_or_commented_write_is_a_read() =>
        OneOf([.. Writes, "SELECT 1; DROP TABLE t"]).Select(Dialects)
            .Sample((write, dialect) =>
            {
                foreach (var text in (string[])[$"SELECT '{write}'", $"SELECT \"{write}\"", $"SELECT 1 /* {write} */", $"SELECT 1 -- {write}\n", $"-- {write}"])
                    SqlClassifier.Classify(text, dialect).WriteKeyword.ShouldBeNull(text);
            });

    /// <summary>Each part makes a text of a million characters, which a classifier that went back would not finish, and one that recursed would not survive.</summary>
    [Theory]
    [InlineData("SELECT a FROM t; ")]
    [InlineData("((((")]
    [InlineData("/* ")]
    [InlineData("-- c\n")]
    [InlineData("UPDATE ")]
    [InlineData("'a''b' ")]
    [InlineData("$a$ ")]
    [InlineData("SELECT $a ")]
    [InlineData("EXPLAIN ANALYZE ")]
    [InlineData("EXPLAIN (")]
    [InlineData("WITH a AS (")]
    [InlineData("SELECT set_config('a', /* */ ")]
    [InlineData("SET transaction_read_only /* */ = on, ")]
    [InlineData("SELECT a FROM (NOLOCK ")]
    public void A_megabyte_is_read_in_one_pass(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
        foreach (var dialect in Enum.GetValues<SqlDialect>())
            SqlClassifier.Classify(text, dialect);

        Tokens(text).ShouldBeLessThanOrEqualTo(text.Length);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static int Tokens(string text)
    {
        var tokens = new SqlTokenizer(text, SqlDialect.PostgreSql);
        var count = 0;
        while (tokens.Next().Kind != SqlTokenKind.End)
            count++;
        return count;
    }
}
