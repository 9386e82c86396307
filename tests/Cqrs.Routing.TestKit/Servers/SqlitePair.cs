using System.Data.Common;
using Cqrs.Routing.TestKit.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.TestKit.Servers;

/// <summary>Two SQLite files; replication is SQLite's online backup.</summary>
public sealed class SqlitePair : DatabasePair
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cqrs-routing-").FullName;

    public override string Primary => $"Data Source={Path.Combine(_directory, "primary.db")}";

    public override string Replica => $"Data Source={Path.Combine(_directory, "replica.db")}";

    public override DbContextOptionsBuilder Use(DbContextOptionsBuilder options, string connectionString, bool retry = false) =>
        options.UseSqlite(connectionString);

    public override DbConnection CreateConnection(string connectionString) => new SqliteConnection(connectionString);

    public override async Task StartAsync()
    {
        await using var db = Direct(Server.Primary);
        await db.Database.EnsureCreatedAsync();
    }

    public override async Task ReplicateAsync()
    {
        await using var primary = new SqliteConnection(Primary);
        await using var replica = new SqliteConnection(Replica);
        await primary.OpenAsync();
        await replica.OpenAsync();
        primary.BackupDatabase(replica);
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        try
        {
            Directory.Delete(_directory, recursive: true);
        }
        catch (IOException)
        {
            // A replica is measured beside its queries, and the last measurement may still create a journal here.
        }

        return ValueTask.CompletedTask;
    }

    protected override Task RestartKeysAsync(ShopContext db) => Task.CompletedTask;
}
