using System.Data.Common;
using System.Net.Sockets;
using Cqrs.Routing.Health;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cqrs.Routing.Tests.Health;

public sealed class FailureTableTests
{
    [Theory]
    [Trait("Case", "C242")]
    [InlineData("40001", ReplicaFailure.Conflict)]
    [InlineData("40P01", ReplicaFailure.Conflict)]
    [InlineData("57P04", ReplicaFailure.Conflict)]
    [InlineData("57P05", ReplicaFailure.Conflict)]
    [InlineData("53200", ReplicaFailure.Conflict)]
    [InlineData("57P01", ReplicaFailure.Unavailable)]
    [InlineData("57P02", ReplicaFailure.Unavailable)]
    [InlineData("57P03", ReplicaFailure.Unavailable)]
    [InlineData("53300", ReplicaFailure.Unavailable)]
    [InlineData("08006", ReplicaFailure.Unavailable)]
    [InlineData("57014", ReplicaFailure.None)]
    [InlineData("25006", ReplicaFailure.None)]
    [InlineData("42601", ReplicaFailure.None)]
    [InlineData("42P01", ReplicaFailure.None)]
    [InlineData("42501", ReplicaFailure.None)]
    [InlineData("23505", ReplicaFailure.None)]
    [InlineData("22012", ReplicaFailure.None)]
    public void PostgreSql(string sqlState, ReplicaFailure expected) =>
        FailureTables.PostgreSql.Of(new PostgresException("text", "ERROR", "ERROR", sqlState), opening: false).ShouldBe(expected);

    [Theory]
    [InlineData(3961, ReplicaFailure.Conflict)]
    [InlineData(1219, ReplicaFailure.Conflict)]
    [InlineData(3947, ReplicaFailure.Conflict)]
    [InlineData(4060, ReplicaFailure.Unavailable)]
    [InlineData(40613, ReplicaFailure.Unavailable)]
    [InlineData(10928, ReplicaFailure.Unavailable)]
    [InlineData(10054, ReplicaFailure.Unavailable)]
    [InlineData(18456, ReplicaFailure.Unavailable)]
    [InlineData(976, ReplicaFailure.Unavailable)]
    [InlineData(-2, ReplicaFailure.None)]
    [InlineData(102, ReplicaFailure.None)]
    [InlineData(208, ReplicaFailure.None)]
    [InlineData(229, ReplicaFailure.None)]
    [InlineData(2627, ReplicaFailure.None)]
    [InlineData(3906, ReplicaFailure.None)]
    public void SqlServer(int number, ReplicaFailure expected) =>
        FailureTables.SqlServer.Of(new FakeSqlException(number), opening: false).ShouldBe(expected);

    [Theory]
    [InlineData(5, ReplicaFailure.Conflict)]
    [InlineData(6, ReplicaFailure.Conflict)]
    [InlineData(10, ReplicaFailure.Unavailable)]
    [InlineData(14, ReplicaFailure.Unavailable)]
    [InlineData(26, ReplicaFailure.Unavailable)]
    [InlineData(1, ReplicaFailure.None)]
    [InlineData(8, ReplicaFailure.None)]
    [InlineData(19, ReplicaFailure.None)]
    public void Sqlite(int code, ReplicaFailure expected) =>
        FailureTables.Sqlite.Of(new SqliteException("text", code), opening: false).ShouldBe(expected);

    [Theory]
    [InlineData("28P01")]
    [InlineData("3D000")]
    [InlineData("42501")]
    public void While_a_connection_is_opened_no_statement_is_at_fault(string sqlState) =>
        FailureTables.PostgreSql.Of(new PostgresException("text", "FATAL", "FATAL", sqlState), opening: true).ShouldBe(ReplicaFailure.Unavailable);

    [Fact]
    public void A_lost_socket_is_the_replicas_failure_whatever_the_driver_makes_of_it()
    {
        FailureTables.PostgreSql.Of(new NpgsqlException("text", new IOException("text", new SocketException(104))), opening: false).ShouldBe(ReplicaFailure.Unavailable);
        FailureTables.PostgreSql.Of(new NpgsqlException("text", new EndOfStreamException()), opening: false).ShouldBe(ReplicaFailure.Unavailable);
    }

    [Fact]
    public void A_timeout_is_the_replicas_failure_only_while_it_is_opened()
    {
        var timeout = new NpgsqlException("text", new TimeoutException());

        FailureTables.PostgreSql.Of(timeout, opening: true).ShouldBe(ReplicaFailure.Unavailable);
        FailureTables.PostgreSql.Of(timeout, opening: false).ShouldBe(ReplicaFailure.None);
        FailureTables.PostgreSql.IsTimeout(timeout).ShouldBeTrue();
        FailureTables.SqlServer.IsTimeout(new FakeSqlException(-2)).ShouldBeTrue();
    }

    [Fact]
    public void What_an_application_wraps_is_its_own()
    {
        var lost = new PostgresException("text", "FATAL", "FATAL", "57P01");

        FailureTables.PostgreSql.Of(new InvalidOperationException("mine", lost), opening: false).ShouldBe(ReplicaFailure.None);
        FailureTables.PostgreSql.Of(new InvalidOperationException("EF's", lost) { Source = "Npgsql.EntityFrameworkCore.PostgreSQL" }, opening: false)
            .ShouldBe(ReplicaFailure.Unavailable);
    }

    [Fact]
    public void An_exhausted_pool_is_not_the_replicas_failure()
    {
        FailureTables.PostgreSql.Of(new NpgsqlException("The connection pool has been exhausted, either ...", new TimeoutException()), opening: true)
            .ShouldBe(ReplicaFailure.Conflict);
        FailureTables.SqlServer.Of(new InvalidOperationException("Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool. ..."), opening: true)
            .ShouldBe(ReplicaFailure.Conflict);
    }

    [Fact]
    public void Errors_of_other_kinds_are_nobodys()
    {
        FailureTables.PostgreSql.Of(new OperationCanceledException(), opening: true).ShouldBe(ReplicaFailure.None);
        FailureTables.PostgreSql.Of(new InvalidOperationException("Sequence contains no elements"), opening: false).ShouldBe(ReplicaFailure.None);
        FailureTables.Other.Of(new FakeSqlException(1), opening: false).ShouldBe(ReplicaFailure.None);
    }

    // SqlClient's own cannot be made from outside.
    private sealed class FakeSqlException : DbException
    {
        public FakeSqlException(int number) => Data["HelpLink.EvtID"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
