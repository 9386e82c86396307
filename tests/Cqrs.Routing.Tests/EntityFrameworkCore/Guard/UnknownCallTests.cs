using Cqrs.Routing.EntityFrameworkCore.Guard;

namespace Cqrs.Routing.Tests.EntityFrameworkCore.Guard;

/// <summary>Reads that may write all the same, because they call what only the database knows.</summary>
public sealed class UnknownCallTests
{
    [Theory]
    [InlineData(SqlDialect.PostgreSql, "SELECT rename_all()")]
    [InlineData(SqlDialect.PostgreSql, "SELECT \"rename_all\" ()")]
    [InlineData(SqlDialect.PostgreSql, "SELECT o.* FROM \"Orders\" AS o, rename_all() AS r")]
    [InlineData(SqlDialect.PostgreSql, "SELECT shop.lower('a')")]
    [InlineData(SqlDialect.PostgreSql, "SELECT count(*) FROM t WHERE a IN (SELECT f(b) FROM u)")]
    [InlineData(SqlDialect.SqlServer, "SELECT [o].[Id], [dbo].[Rename]([o].[Id]) FROM [Orders] AS [o]")]
    [InlineData(SqlDialect.Sqlite, "SELECT \"lower\"('a')")]
    [InlineData(SqlDialect.Unknown, "SELECT f(1)")]
    public void A_function_that_may_be_the_applications_own_is_seen(SqlDialect dialect, string sql) =>
        SqlText.Classify(sql, dialect).ShouldBe(new SqlVerdict(Offender: null, CallsUnknown: true));

    [Theory]
    [InlineData(SqlDialect.PostgreSql, "SELECT count(*)::int, coalesce(max(a), 0), date_trunc('day', now()), (a + b), x::numeric(10, 2) FROM t AS x (a, b) WHERE lower(a) IN ('a') AND (b OR NOT (c))")]
    [InlineData(SqlDialect.PostgreSql, "SELECT row_number() OVER (PARTITION BY a) FROM t JOIN LATERAL (SELECT 1) AS u ON (TRUE) WHERE EXISTS (SELECT 1) AND a = ANY (@p) GROUP BY GROUPING SETS (a)")]
    [InlineData(SqlDialect.PostgreSql, "SELECT jsonb_array_length(a), regexp_replace(b, 'x', 'y') FROM unnest(@ids) WITH ORDINALITY AS i(value, ordinality)")]
    [InlineData(SqlDialect.SqlServer, "SELECT TOP(1) [o].[Id], CONVERT(int, LEN([o].[Name])), DATEADD(day, 1, GETUTCDATE()), COUNT_BIG(*) FROM [Orders] AS [o] WITH (NOLOCK) WHERE [o].[Id] IN (1, 2)")]
    [InlineData(SqlDialect.SqlServer, "SELECT [i].[value] FROM OPENJSON(@ids) WITH ([value] int '$') AS [i]")]
    [InlineData(SqlDialect.Sqlite, "SELECT ef_sum(\"a\"), strftime('%Y', \"b\"), instr(\"c\", 'x') FROM \"t\" WHERE \"d\" IN (SELECT \"value\" FROM json_each(@ids))")]
    [InlineData(SqlDialect.Unknown, "SELECT COUNT(*) FROM t WHERE (a = 1)")]
    public void What_the_database_brings_along_is_no_such_function(SqlDialect dialect, string sql) => SqlText.Classify(sql, dialect).ShouldBe(default);
}
