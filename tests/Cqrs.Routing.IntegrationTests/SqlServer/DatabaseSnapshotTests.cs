using Dapper;
using Microsoft.Data.SqlClient;

namespace Cqrs.Routing.IntegrationTests.SqlServer;

/// <summary>The assumptions of the other tests about a snapshot: it lags until it is refreshed and refuses writes.</summary>
public sealed class DatabaseSnapshotTests : SqlServerDatabaseTest
{
    [Fact]
    public async Task The_snapshot_shows_a_write_only_after_its_refresh()
    {
        await using var primary = new SqlConnection(Database.Primary);
        await primary.ExecuteAsync("CREATE TABLE notes (text nvarchar(100) NOT NULL)");
        await Server.RefreshSnapshotAsync(Database, TestContext.Current.CancellationToken);

        await primary.ExecuteAsync("INSERT INTO notes VALUES ('late')");
        (await ReadReplicaAsync()).ShouldBeEmpty();

        await Server.RefreshSnapshotAsync(Database, TestContext.Current.CancellationToken);
        (await ReadReplicaAsync()).ShouldBe(["late"]);
    }

    [Fact]
    public async Task The_snapshot_refuses_an_insert()
    {
        await using var primary = new SqlConnection(Database.Primary);
        await using var replica = new SqlConnection(Database.Replica);
        await primary.ExecuteAsync("CREATE TABLE notes (text nvarchar(100) NOT NULL)");
        await Server.RefreshSnapshotAsync(Database, TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<SqlException>(replica.ExecuteAsync("INSERT INTO notes VALUES ('never')"));

        refused.Number.ShouldBe(3906);
    }

    private async Task<IEnumerable<string>> ReadReplicaAsync()
    {
        await using var replica = new SqlConnection(Database.Replica);
        return await replica.QueryAsync<string>("SELECT text FROM notes");
    }
}
