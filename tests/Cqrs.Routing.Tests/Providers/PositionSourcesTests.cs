using System.Data;

// Experimental for applications, until a real server has confirmed the sources. These tests are what the library knows of them.
#pragma warning disable CQRSR001

namespace Cqrs.Routing.Tests.Providers;

/// <summary>How each position source reads its row. Tests on the databases cover its commands.</summary>
public sealed class PositionSourcesTests
{
    private static readonly Guid Database = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    [Fact]
    public void SQL_Servers_numbers_may_be_longer_than_64_bits()
    {
        const decimal Lsn = 9_999_999_999_999_999_999_999_999m;

        var position = Read(PositionSources.SqlServer, Database.ToString(), Lsn)!.Value;

        position.Database.ShouldBe(Database.ToString());
        position.Value.ShouldBe(UInt128.Parse("9999999999999999999999999", System.Globalization.CultureInfo.InvariantCulture));
        Read(PositionSources.AzureSql, Database.ToString(), Lsn + 1)!.Value.Value.ShouldBe(position.Value + 1);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_row_without_a_value_is_no_position(bool noDatabase, bool noValue) =>
        Read(PositionSources.SqlServer, noDatabase ? DBNull.Value : Database.ToString(), noValue ? DBNull.Value : 1m).ShouldBeNull();

    [Theory]
    [InlineData("sys.dm_hadr_database_replica_states", true)]
    [InlineData("sys.dm_database_replica_states", false)]
    public void SQL_Server_and_Azure_have_views_of_their_own(string view, bool sqlServer) =>
        (sqlServer ? PositionSources.SqlServer : PositionSources.AzureSql).ReplicaCommandText.ShouldContain($" FROM {view} WHERE is_local = 1");

    [Theory]
    [InlineData(0x3000100, 0x3000100)]
    [InlineData(0x3002000, 0x3002000)]
    [InlineData(0x3002018, 0x3002000)]
    [InlineData(0x3002020, 0x3002020)]
    // Behind the longer header of a segment; elsewhere a record may end there.
    [InlineData(0x3000028, 0x3000000)]
    [InlineData(0x3002028, 0x3002028)]
    [InlineData(0x3100028, 0x3100028)]
    public void PostgreSQLs_position_behind_a_header_is_the_end_of_the_page_before(long read, long position) =>
        ReadRow(PositionSources.PostgreSql, "7711516803507645652", read, 8192, 0x1000000, true, "00000001")!.Value.Value.ShouldBe((UInt128)position);

    [Fact]
    public void PostgreSQLs_position_belongs_to_a_timeline() =>
        ReadRow(PositionSources.PostgreSql, "7711516803507645652", 0x3000100L, 8192, 0x1000000, true, "0000002A")!.Value.Timeline.ShouldBe("0000002A");

    [Fact]
    public void A_PostgreSQL_server_that_should_be_a_standby_and_is_none_says_so()
    {
        var error = Should.Throw<InvalidOperationException>(() => ReadRow(PositionSources.PostgreSql, "7711516803507645652", 0x3000100L, 8192, 0x1000000, false, "00000001"));

        error.Message.ShouldBe("the replica is not in recovery: it was promoted, or its connection string leads to a primary");
    }

    private static ReplicationPosition? Read(IPositionSource source, object database, object value)
    {
        using var table = new DataTable();
        table.Columns.Add("database", typeof(string));
        table.Columns.Add("value", value is DBNull ? typeof(decimal) : value.GetType());
        table.Rows.Add(database, value);
        using var reader = table.CreateDataReader();
        reader.Read().ShouldBeTrue();
        return source.Read(reader);
    }

    private static ReplicationPosition? ReadRow(IPositionSource source, params object[] values)
    {
        using var table = new DataTable();
        foreach (var value in values)
            table.Columns.Add().DataType = value.GetType();
        table.Rows.Add(values);
        using var reader = table.CreateDataReader();
        reader.Read().ShouldBeTrue();
        return source.Read(reader);
    }
}
