using Cqrs.Routing.SqlText;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Tests.SqlText;

public sealed class DeclaredReadsTests
{
    private static readonly DeclaredReads Declared = new(["dbo.GetOrders", "report", "[my schema].[Orders of]", "`x`", "pg_stat_reset"]);

    [Theory]
    [InlineData("SqlServer", "EXEC dbo.GetOrders @a = 1, @b = N'x' OUTPUT; SELECT 1")]
    [InlineData("SqlServer", "EXECUTE @rc = [DBO] . [getorders] 1 SELECT 2")]
    [InlineData("SqlServer", "SET NOCOUNT ON EXEC [my schema].\"Orders of\"")]
    [InlineData("SqlServer", "INSERT INTO #t EXEC dbo.GetOrders")]
    [InlineData("SqlServer", "EXEC sp_executesql N'EXEC dbo.GetOrders'")]
    [InlineData("PostgreSql", "CALL report(1, $2)")]
    [InlineData("PostgreSql", "CALL \"report\"()")]
    [InlineData("PostgreSql", "SELECT pg_stat_reset()")]
    [InlineData("PostgreSql", "SELECT * FROM \"pg_stat_reset\" ()")]
    [InlineData("MySql", "CALL x()")]
    [InlineData("Unknown", "CALL report()")]
    public void A_call_of_a_declared_name_is_let_through(string dialect, string sql)
    {
        SqlClassifier.Classify(sql, Dialect(dialect), Declared).WriteKeyword.ShouldBeNull();
        SqlClassifier.Classify(sql, Dialect(dialect)).IsRead.ShouldBeFalse("not declared");
    }

    [Theory]
    [InlineData("SqlServer", "EXEC GetOrders", "EXEC")]
    [InlineData("SqlServer", "EXEC other.dbo.GetOrders", "EXEC")]
    [InlineData("SqlServer", "EXEC dbo.GetOrders.x", "EXEC")]
    [InlineData("SqlServer", "EXEC dbo.GetOrders2", "EXEC")]
    [InlineData("SqlServer", "EXEC @name", "EXEC")]
    [InlineData("SqlServer", "EXEC ('dbo.GetOrders')", "EXEC")]
    [InlineData("SqlServer", "EXEC dbo.GetOrders DELETE FROM t", "DELETE")]
    [InlineData("PostgreSql", "CALL other.report()", "CALL")]
    [InlineData("PostgreSql", "CALL report(nextval('s'))", "nextval")]
    [InlineData("PostgreSql", "CALL report(); DELETE FROM t", "DELETE")]
    [InlineData("PostgreSql", "EXECUTE report", "EXECUTE")]
    [InlineData("PostgreSql", "SELECT app.pg_stat_reset()", "pg_stat_reset")]
    [InlineData("MySql", "EXECUTE x", "EXECUTE")]
    public void A_text_that_does_more_than_call_a_declared_name_is_refused(string dialect, string sql, string offender) =>
        SqlClassifier.Classify(sql, Dialect(dialect), Declared).WriteKeyword.ShouldBe(offender);

    [Theory]
    [InlineData("dbo.GetOrders()")]
    [InlineData("EXEC dbo.GetOrders")]
    [InlineData("dbo.")]
    [InlineData("@name")]
    [InlineData("'x'")]
    [InlineData("[x")]
    [InlineData("a;b")]
    public void A_declaration_that_is_no_name_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new ReplicaOptions().Reads(name)).Message.ShouldStartWith($"'{name}' is not the name of a procedure or function.");

    [Fact]
    public void Names_are_neither_null_nor_blank_and_add_up()
    {
        Should.Throw<ArgumentNullException>(() => new ReplicaOptions().Reads(null!));
        Should.Throw<ArgumentNullException>(() => new ReplicaOptions().Reads("a", null!));
        Should.Throw<ArgumentException>(() => new ReplicaOptions().Reads(" "));
        new ReplicaOptions().Reads("a").Reads("b", "c").DeclaredReads.ShouldBe(["a", "b", "c"]);
    }

    [Theory]
    [InlineData("/* Cqrs.Routing: only reads */ EXEC p", true)]
    [InlineData(" \r\n-- Cqrs.Routing: only reads\r\nEXEC p", true)]
    [InlineData("-- Cqrs.Routing: only reads\n\n-- another\nEXEC p", true)]
    [InlineData("-- another\n-- Cqrs.Routing: only reads\nEXEC p", false)]
    [InlineData("-- Cqrs.Routing: only reads, or not\nEXEC p", false)]
    [InlineData("-- Cqrs.Routing: only reads", false)]
    [InlineData("/* Cqrs.Routing: only reads\n*/ EXEC p", false)]
    [InlineData("EXEC p /* Cqrs.Routing: only reads */", false)]
    [InlineData("DELETE FROM t WHERE a = '-- Cqrs.Routing: only reads\n'", false)]
    public void A_tag_counts_only_as_the_first_comment(string sql, bool isTagged) => DeclaredReads.IsTagged(sql).ShouldBe(isTagged);

    [Fact]
    public void A_tag_is_part_of_the_query()
    {
        Should.Throw<ArgumentNullException>(() => DeclaredReadQueryableExtensions.TagAsRead<int>(null!));
        Array.Empty<int>().AsQueryable().TagAsRead().ShouldBeEmpty();
    }

    private static SqlDialect Dialect(string name) => Enum.Parse<SqlDialect>(name);
}
