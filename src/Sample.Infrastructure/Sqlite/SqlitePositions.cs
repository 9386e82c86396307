using System.Data.Common;
using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;

namespace Sample.Infrastructure.Sqlite;

/// <summary>A counter of changed rows, kept by triggers: it is committed with the change, rolls back with it, and comes to the replica with it.</summary>
internal sealed class SqlitePositions : IPositionSource
{
    public const string CommandText = "SELECT database, value FROM replication_position";

    public static readonly SqlitePositions Instance = new();

    public string PrimaryCommandText => CommandText;

    public string ReplicaCommandText => CommandText;

    public ReplicationPosition? Read(DbDataReader row) => new(row.GetString(0), (UInt128)row.GetInt64(1));

    /// <summary>Makes the counter, and a trigger for every table of the context and every kind of change.</summary>
    public static async Task InstallAsync(DbContext db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlRawAsync("CREATE TABLE IF NOT EXISTS replication_position (database TEXT NOT NULL, value INTEGER NOT NULL)", cancellationToken);
        await db.Database.ExecuteSqlAsync($"INSERT INTO replication_position SELECT {Guid.NewGuid().ToString()}, 0 WHERE NOT EXISTS (SELECT * FROM replication_position)", cancellationToken);
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct())
        {
            foreach (var change in (string[])["INSERT", "UPDATE", "DELETE"])
            {
                var trigger = $"CREATE TRIGGER IF NOT EXISTS \"position of {table} {change}\" AFTER {change} ON \"{table}\" BEGIN UPDATE replication_position SET value = value + 1; END";
                await db.Database.ExecuteSqlRawAsync(trigger, cancellationToken);
            }
        }
    }
}
