using System.Data.Common;
using System.Net.Sockets;
using Cqrs.Routing.Providers;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cqrs.Routing.Tests.Providers;

public sealed class DatabaseProviderErrorTests
{
    [Theory]
    [Trait("Case", "C242")]
    [InlineData("40001", ReplicaErrorKind.Transient)]
    [InlineData("40P01", ReplicaErrorKind.Transient)]
    [InlineData("57P04", ReplicaErrorKind.Transient)]
    [InlineData("57P05", ReplicaErrorKind.Transient)]
    [InlineData("53200", ReplicaErrorKind.Transient)]
    [InlineData("57P01", ReplicaErrorKind.Unavailable)]
    [InlineData("57P02", ReplicaErrorKind.Unavailable)]
    [InlineData("57P03", ReplicaErrorKind.Unavailable)]
    [InlineData("53300", ReplicaErrorKind.Unavailable)]
    [InlineData("08006", ReplicaErrorKind.Unavailable)]
    [InlineData("57014", ReplicaErrorKind.Other)]
    [InlineData("25006", ReplicaErrorKind.Other)]
    [InlineData("42601", ReplicaErrorKind.Other)]
    [InlineData("42P01", ReplicaErrorKind.Other)]
    [InlineData("42501", ReplicaErrorKind.Other)]
    [InlineData("23505", ReplicaErrorKind.Other)]
    [InlineData("22012", ReplicaErrorKind.Other)]
    public void Errors_of_PostgreSql_are_classified_by_their_state(string sqlState, ReplicaErrorKind expected) =>
        DatabaseProvider.PostgreSql.ClassifyError(new PostgresException("text", "ERROR", "ERROR", sqlState), opening: false).ShouldBe(expected);

    [Theory]
    [InlineData(3961, ReplicaErrorKind.Transient)]
    [InlineData(1219, ReplicaErrorKind.Transient)]
    [InlineData(3947, ReplicaErrorKind.Transient)]
    [InlineData(4060, ReplicaErrorKind.Unavailable)]
    [InlineData(40613, ReplicaErrorKind.Unavailable)]
    [InlineData(10928, ReplicaErrorKind.Unavailable)]
    [InlineData(10054, ReplicaErrorKind.Unavailable)]
    [InlineData(18456, ReplicaErrorKind.Unavailable)]
    [InlineData(976, ReplicaErrorKind.Unavailable)]
    [InlineData(-2, ReplicaErrorKind.Other)]
    [InlineData(102, ReplicaErrorKind.Other)]
    [InlineData(208, ReplicaErrorKind.Other)]
    [InlineData(229, ReplicaErrorKind.Other)]
    [InlineData(2627, ReplicaErrorKind.Other)]
    [InlineData(3906, ReplicaErrorKind.Other)]
    public void Errors_of_SqlServer_are_classified_by_their_number(int number, ReplicaErrorKind expected) =>
        DatabaseProvider.SqlServer.ClassifyError(new FakeSqlException(number), opening: false).ShouldBe(expected);

    [Theory]
    [InlineData(5, ReplicaErrorKind.Transient)]
    [InlineData(6, ReplicaErrorKind.Transient)]
    [InlineData(10, ReplicaErrorKind.Unavailable)]
    [InlineData(14, ReplicaErrorKind.Unavailable)]
    [InlineData(26, ReplicaErrorKind.Unavailable)]
    [InlineData(1, ReplicaErrorKind.Other)]
    [InlineData(8, ReplicaErrorKind.Other)]
    [InlineData(19, ReplicaErrorKind.Other)]
    public void Errors_of_Sqlite_are_classified_by_their_code(int code, ReplicaErrorKind expected) =>
        DatabaseProvider.Sqlite.ClassifyError(new SqliteException("text", code), opening: false).ShouldBe(expected);

    [Theory]
    [InlineData("28P01")]
    [InlineData("3D000")]
    [InlineData("42501")]
    public void Errors_while_a_connection_is_opened_say_that_the_replica_is_unavailable(string sqlState) =>
        DatabaseProvider.PostgreSql.ClassifyError(new PostgresException("text", "FATAL", "FATAL", sqlState), opening: true).ShouldBe(ReplicaErrorKind.Unavailable);

    [Fact]
    public void A_lost_socket_is_the_replicas_failure_whatever_the_driver_makes_of_it()
    {
        DatabaseProvider.PostgreSql.ClassifyError(new NpgsqlException("text", new IOException("text", new SocketException(104))), opening: false).ShouldBe(ReplicaErrorKind.Unavailable);
        DatabaseProvider.PostgreSql.ClassifyError(new NpgsqlException("text", new EndOfStreamException()), opening: false).ShouldBe(ReplicaErrorKind.Unavailable);
    }

    [Fact]
    public void A_timeout_is_the_replicas_failure_only_while_a_connection_is_opened()
    {
        var timeout = new NpgsqlException("text", new TimeoutException());

        DatabaseProvider.PostgreSql.ClassifyError(timeout, opening: true).ShouldBe(ReplicaErrorKind.Unavailable);
        DatabaseProvider.PostgreSql.ClassifyError(timeout, opening: false).ShouldBe(ReplicaErrorKind.Other);
        DatabaseProvider.PostgreSql.IsTimeout(timeout).ShouldBeTrue();
        DatabaseProvider.SqlServer.IsTimeout(new FakeSqlException(-2)).ShouldBeTrue();
    }

    [Fact]
    public void An_error_that_the_application_wraps_is_not_the_replicas_failure()
    {
        var lost = new PostgresException("text", "FATAL", "FATAL", "57P01");

        DatabaseProvider.PostgreSql.ClassifyError(new InvalidOperationException("mine", lost), opening: false).ShouldBe(ReplicaErrorKind.Other);
        DatabaseProvider.PostgreSql.ClassifyError(new InvalidOperationException("EF's", lost) { Source = "Npgsql.EntityFrameworkCore.PostgreSQL" }, opening: false)
            .ShouldBe(ReplicaErrorKind.Unavailable);
    }

    [Fact]
    public void An_exhausted_pool_is_not_the_replicas_failure()
    {
        DatabaseProvider.PostgreSql.ClassifyError(new NpgsqlException("The connection pool has been exhausted, either ...", new TimeoutException()), opening: true)
            .ShouldBe(ReplicaErrorKind.Transient);
        DatabaseProvider.SqlServer.ClassifyError(new InvalidOperationException("Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool. ..."), opening: true)
            .ShouldBe(ReplicaErrorKind.Transient);
    }

    [Fact]
    public void Cancellations_and_errors_of_other_types_are_not_the_replicas_failure()
    {
        DatabaseProvider.PostgreSql.ClassifyError(new OperationCanceledException(), opening: true).ShouldBe(ReplicaErrorKind.Other);
        DatabaseProvider.PostgreSql.ClassifyError(new InvalidOperationException("Sequence contains no elements"), opening: false).ShouldBe(ReplicaErrorKind.Other);
        DatabaseProvider.Unknown.ClassifyError(new FakeSqlException(1), opening: false).ShouldBe(ReplicaErrorKind.Other);
    }

    // SqlClient's own cannot be made from outside.
    private sealed class FakeSqlException : DbException
    {
        public FakeSqlException(int number) => Data["HelpLink.EvtID"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
