using Cqrs.Routing.EntityFrameworkCore.Guard;
using CsCheck;

namespace Cqrs.Routing.Tests.EntityFrameworkCore.Guard;

public sealed class SqlTextProperties
{
    private static readonly string[] Fragments =
    [
        "SELECT", "1", "*", "FROM", "t", "WHERE", "a", "=", "@p", "$1", "(", ")", ",", ";", "'", "''", "'x'", "\"", "\"delete\"", "[", "]", "`", "--", "\n", "\r", "/*", "*/",
        "$$", "$a$", "E'", "\\", "#", "AS", "WITH", "UPDATE", "DELETE", "INSERT", "INTO", "SET", "PRAGMA", "EXPLAIN", "ANALYZE", "FOR", "COPY", "TO", "STDOUT", "nextval", ".",
        "PREPARE", "BEGIN", "READ", "WRITE", "\0", "\uD800", "\u00A0", "MERGE", "JOIN",
    ];

    private static readonly Gen<string> Glued = OneOf(Fragments).Array[0, 12].Select(parts => string.Join(' ', parts));

    private static readonly Gen<SqlDialect> Dialects = Gen.Enum<SqlDialect>();

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.OneOf(Gen.String, Glued).Select(Dialects).Sample((text, dialect) => SqlText.Classify(text, dialect));

    [Fact]
    public void A_write_after_a_read_is_refused()
    {
        var reads = 0;
        Glued.Select(Dialects).Sample(
            (text, dialect) =>
            {
                var read = $"SELECT {text}";
                if (!IsClosed(text) || !SqlText.Classify(read, dialect).IsRead)
                    return;

                Interlocked.Increment(ref reads);
                SqlText.Classify(read + " ; DELETE FROM t", dialect).IsRead.ShouldBeFalse();
            },
            iter: 20_000);
        reads.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Comments_space_and_case_change_nothing() =>
        OneOf("SELECT a FROM t", "WITH x AS (SELECT 1) SELECT * FROM x", "DELETE FROM t", "SELECT a INTO b FROM t", "SELECT nextval('s')", "UPDATE t SET a = 1")
            .Select(Dialects, OneOf(" ", "\n", "\t\r\n", " /* x */ ", " -- x\n"), Gen.Bool)
            .Sample((text, dialect, space, lower) => SqlText.Classify((lower ? text.ToLowerInvariant() : text).Replace(" ", space), dialect).IsRead
                .ShouldBe(SqlText.Classify(text, dialect).IsRead));

    [Fact]
    public void A_quoted_or_commented_write_is_a_read() =>
        OneOf("DELETE FROM t", "UPDATE t SET a = 1", "INSERT INTO t VALUES (1)", "SELECT 1; DROP TABLE t").Select(Dialects)
            .Sample((write, dialect) =>
            {
                SqlText.Classify($"SELECT '{write}'", dialect).IsRead.ShouldBeTrue();
                SqlText.Classify($"SELECT 1 /* {write} */", dialect).IsRead.ShouldBeTrue();
                SqlText.Classify($"SELECT 1 -- {write}\n", dialect).IsRead.ShouldBeTrue();
            });

    /// <summary>A text of a thousand repeated parts is walked in one pass: a tokenizer that looked back or ahead would show in the count.</summary>
    [Theory]
    [InlineData("SELECT a FROM t; ")]
    [InlineData("((((")]
    [InlineData("/* ")]
    [InlineData("UPDATE ")]
    [InlineData("'a''b' ")]
    [InlineData("$a$ ")]
    public void A_megabyte_is_read_in_one_pass(string part)
    {
        var text = "SELECT 1; " + string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));

        SqlText.Classify(text, SqlDialect.PostgreSql);
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

    // Only texts whose quotes and comments end: in an open one, what is appended is part of it.
    private static bool IsClosed(string text) =>
        !text.AsSpan().ContainsAny("'\"[]`\\#$") && !text.Contains("/*", StringComparison.Ordinal) && !text.Contains("--", StringComparison.Ordinal);
}
