using System.Data.Common;
using Cqrs.Routing.TestKit.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.TestKit.Servers;

/// <summary>Two named SQLite databases in memory: for many small runs. They live as long as this holds them open.</summary>
public sealed class SqliteMemoryPair : DatabasePair
{
    private readonly string _name = $"cqrs-routing-{Guid.NewGuid():N}";
    private readonly List<SqliteConnection> _held = [];

    public override string Primary => $"Data Source={_name}-primary;Mode=Memory;Cache=Shared";

    public override string Replica => $"Data Source={_name}-replica;Mode=Memory;Cache=Shared";

    public override DbContextOptionsBuilder Use(DbContextOptionsBuilder options, string connectionString, bool retry = false) =>
        options.UseSqlite(connectionString);

    public override DbConnection CreateConnection(string connectionString) => new SqliteConnection(connectionString);

    // An open connection to a database in memory has no data source to tell it by.
    public override Server ServerOf(DbConnection connection) =>
        connection.ConnectionString.Contains("-primary", StringComparison.Ordinal) ? Server.Primary : Server.Replica;

    public override async Task StartAsync()
    {
        foreach (var connectionString in (string[])[Primary, Replica])
        {
            var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync();
            _held.Add(connection);
        }

        await using var db = Direct(Server.Primary);
        await db.Database.EnsureCreatedAsync();
        await ReplicateAsync();
    }

    public override Task ReplicateAsync()
    {
        _held[0].BackupDatabase(_held[1]);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var connection in _held)
            await connection.DisposeAsync();
    }

    protected override Task RestartKeysAsync(ShopContext db) => Task.CompletedTask;
}
