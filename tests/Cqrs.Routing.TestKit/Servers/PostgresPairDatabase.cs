using System.Data.Common;
using Cqrs.Routing.TestKit.Model;
using Cqrs.Routing.TestServers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cqrs.Routing.TestKit.Servers;

/// <summary>A database on the PostgreSQL primary and its streaming hot standby. Replay is paused but for <see cref="ReplicateAsync"/>.</summary>
/// <remarks>Replay is paused for the whole standby: tests that use one must not run in parallel.</remarks>
public sealed class PostgresPairDatabase : DatabasePair
{
    private PostgresPair? _pair;
    private PostgresDatabase? _database;

    public override string Primary => _database!.Primary;

    public override string Replica => _database!.Replica;

    public override string? SkipReason => PostgresPair.SkipReason;

    public override DbContextOptionsBuilder Use(DbContextOptionsBuilder options, string connectionString, bool retry = false) =>
        options.UseNpgsql(connectionString, npgsql =>
        {
            if (retry)
                npgsql.EnableRetryOnFailure();
        });

    public override DbConnection CreateConnection(string connectionString) => new NpgsqlConnection(connectionString);

    public override async Task StartAsync()
    {
        if (SkipReason is not null)
            return;

        _pair = await PostgresPair.SharedAsync();
        _database = await _pair.CreateDatabaseAsync($"shop_{Guid.NewGuid():N}");
        await using var db = Direct(Server.Primary);
        await db.Database.EnsureCreatedAsync();
        await ReplicateAsync();
    }

    public override async Task ReplicateAsync()
    {
        await _pair!.ResumeReplayAsync();
        await _pair.CatchUpAsync();
        await _pair.PauseReplayAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_pair is not null)
            await _pair.ResumeReplayAsync();
    }

    protected override Task RestartKeysAsync(ShopContext db) => db.Database.ExecuteSqlRawAsync(
        """
        ALTER TABLE "Orders" ALTER COLUMN "Id" RESTART WITH 100;
        ALTER TABLE "Lines" ALTER COLUMN "Id" RESTART WITH 100;
        ALTER TABLE "Tags" ALTER COLUMN "Id" RESTART WITH 100;
        ALTER TABLE "Customers" ALTER COLUMN "Id" RESTART WITH 100;
        ALTER TABLE "Notes" ALTER COLUMN "Id" RESTART WITH 100;
        """);
}
