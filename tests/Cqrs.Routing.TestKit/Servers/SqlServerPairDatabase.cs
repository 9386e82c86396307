using System.Data.Common;
using Cqrs.Routing.TestKit.Model;
using Cqrs.Routing.TestServers;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.TestKit.Servers;

/// <summary>A database on SQL Server and a snapshot of it, which takes no writes and shows the state of the last <see cref="ReplicateAsync"/>.</summary>
public sealed class SqlServerPairDatabase : DatabasePair
{
    private SqlServerContainer? _server;
    private SqlServerDatabase? _database;

    public override string Primary => _database!.Primary;

    public override string Replica => _database!.Replica;

    public override string? SkipReason => SqlServerContainer.SkipReason;

    public override bool ReplicaHasOtherName => true;

    public override DbContextOptionsBuilder Use(DbContextOptionsBuilder options, string connectionString, bool retry = false) =>
        options.UseSqlServer(connectionString, sqlServer =>
        {
            if (retry)
                sqlServer.EnableRetryOnFailure();
        });

    public override DbConnection CreateConnection(string connectionString) => new SqlConnection(connectionString);

    // Both are on one server.
    public override Server ServerOf(DbConnection connection) =>
        connection.Database == _database!.Name ? Server.Primary : Server.Replica;

    public override async Task StartAsync()
    {
        if (SkipReason is not null)
            return;

        _server = await SqlServerContainer.SharedAsync();
        _database = await _server.CreateDatabaseAsync($"shop_{Guid.NewGuid():N}");
        await using var db = Direct(Server.Primary);
        await db.Database.EnsureCreatedAsync();
        await ReplicateAsync();
    }

    public override Task ReplicateAsync() => _server!.RefreshSnapshotAsync(_database!);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task RestartKeysAsync(ShopContext db) => db.Database.ExecuteSqlRawAsync(
        """
        ALTER SEQUENCE [OrderSequence] RESTART WITH 100;
        ALTER SEQUENCE [LineSequence] RESTART WITH 100;
        ALTER SEQUENCE [TagSequence] RESTART WITH 100;
        ALTER SEQUENCE [CustomerSequence] RESTART WITH 100;
        ALTER SEQUENCE [NoteSequence] RESTART WITH 100;
        """);
}
