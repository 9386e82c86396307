using Cqrs.Routing.Load.Application;
using Cqrs.Routing.TestServers;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Servers;

/// <summary>A primary and its standby, with a database for the load. Servers that were running before stay; those started here stop.</summary>
internal sealed class LoadServers : IAsyncDisposable
{
    private const string DatabaseName = "cqrs_routing_load";
    private readonly PostgresPair _pair;

    private LoadServers(PostgresPair pair, PostgresDatabase database, string version) =>
        (_pair, Database, Version, Standby) = (pair, database, version, new(pair.ReplicaConnectionString));

    public PostgresDatabase Database { get; }

    public string Version { get; }

    public Standby Standby { get; }

    public static async Task<LoadServers> StartAsync(int rows, CancellationToken cancellationToken)
    {
        var pair = await PostgresPair.SharedAsync();
        try
        {
            await pair.ResumeReplayAsync(cancellationToken);
            var database = await pair.CreateDatabaseAsync(DatabaseName, cancellationToken);
            await using var db = Direct(database.Primary);
            await db.Database.EnsureCreatedAsync(cancellationToken);
            db.AddRange(Enumerable.Range(0, rows).Select(id => new Row { Id = id }));
            await db.SaveChangesAsync(cancellationToken);
            var version = await db.Database.SqlQuery<string>($"""SELECT current_setting('server_version') AS "Value" """).SingleAsync(cancellationToken);
            await pair.CatchUpAsync(cancellationToken);
            return new(pair, database, version);
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once the standby shows all that was committed.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => _pair.CatchUpAsync(cancellationToken);

    /// <summary>What the primary holds, by the rows' ids. Asked without routing.</summary>
    public async Task<IReadOnlyDictionary<int, long>> ReadPrimaryAsync(CancellationToken cancellationToken)
    {
        await using var db = Direct(Database.Primary);
        return await db.Rows.ToDictionaryAsync(row => row.Id, row => row.Value, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await _pair.DisposeAsync();
    }

    private static LoadContext Direct(string connectionString) => new(new DbContextOptionsBuilder<LoadContext>().UseNpgsql(connectionString).Options);
}
