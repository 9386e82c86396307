using Cqrs.Routing.TestServers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>A primary and a replica that hold the same notes, and how to reach them.</summary>
/// <param name="Name">For the tables.</param>
/// <param name="Primary">The primary's connection string.</param>
/// <param name="Replica">The replica's.</param>
/// <param name="Use">Chooses the provider.</param>
internal sealed record NotesServers(string Name, string Primary, string Replica, Action<DbContextOptionsBuilder, string> Use) : IAsyncDisposable
{
    public const int Rows = 64;

    private string? Directory { get; init; }

    // What tells one application's connections from another's, where that makes a pool of its own.
    private string? NameKeyword { get; init; }

    /// <summary>Two files.</summary>
    public static async Task<NotesServers> SqliteAsync()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("cqrs-routing-benchmarks-").FullName;
        var (primary, replica) = (Path.Combine(directory, "primary.db"), Path.Combine(directory, "replica.db"));
        var servers = new NotesServers("SQLite", $"Data Source={primary}", $"Data Source={replica};Mode=ReadOnly", UseSqlite) { Directory = directory };
        await servers.FillAsync();
        // Whatever the pool holds open may not be on disk yet.
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Copy(primary, replica);
        return servers;
    }

    /// <summary>A primary with its hot standby; null where PostgreSQL is not installed.</summary>
    public static async Task<NotesServers?> PostgreSqlAsync()
    {
        if (PostgresPair.SkipReason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return null;
        }

        var pair = await PostgresPair.SharedAsync();
        var database = await pair.CreateDatabaseAsync("cqrs_routing_benchmarks");
        var servers = new NotesServers("PostgreSQL", database.Primary, database.Replica, static (options, server) => options.UseNpgsql(server)) { NameKeyword = "Application Name" };
        await servers.FillAsync();
        await pair.CatchUpAsync();
        return servers;
    }

    /// <summary>The same servers for one of several applications, each with pools of its own: else whoever shares one finds server processes that others have just used.</summary>
    public NotesServers For(string application) =>
        NameKeyword is null ? this : this with { Primary = $"{Primary};{NameKeyword}={application}", Replica = $"{Replica};{NameKeyword}={application}" };

    public static void UseSqlite(DbContextOptionsBuilder options, string server) => options.UseSqlite(server);

    public ValueTask DisposeAsync()
    {
        if (Directory is null)
        {
            // Whoever comes next makes the database anew, and a pool would give it connections that the server has closed.
            NpgsqlConnection.ClearAllPools();
            return ValueTask.CompletedTask;
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        System.IO.Directory.Delete(Directory, recursive: true);

        return ValueTask.CompletedTask;
    }

    private async Task FillAsync()
    {
        var options = new DbContextOptionsBuilder<NotesContext>();
        Use(options, Primary);
        await using var db = new NotesContext(options.Options);
        await db.Database.EnsureCreatedAsync();
        db.AddRange(Enumerable.Range(0, Rows).Select(id => new Note { Id = id, Text = $"note {id}" }));
        await db.SaveChangesAsync();
    }
}
