using System.Collections;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Cqrs.Routing.Load.Soak;

/// <summary>What an application holds at one time.</summary>
/// <param name="Requests">How many it has served.</param>
/// <param name="Heap">Bytes that are in use after a full collection.</param>
/// <param name="Connections">Connections that the two servers have for it.</param>
/// <param name="Entries">What the library remembers, in all the tables that its services keep.</param>
internal sealed record SoakSample(int Requests, long Heap, long Connections, int Entries)
{
    public static async Task<SoakSample> TakeAsync(int requests, IReadOnlyList<DbContext> contexts, IReadOnlyList<string> servers, string application)
    {
        var connections = 0L;
        foreach (var server in servers)
            connections += await CountConnectionsAsync(server, application);
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return new(requests, GC.GetTotalMemory(forceFullCollection: true), connections, contexts.Sum(CountEntries));
    }

    private static async Task<long> CountConnectionsAsync(string server, string application)
    {
        await using var connection = new NpgsqlConnection(server + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE $1", connection);
        command.Parameters.Add(new() { Value = application + "%" });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // Each of the library's services in EF's container that is one for all contexts, and what it keeps in dictionaries.
    private static int CountEntries(DbContext context)
    {
        var routing = typeof(RouteScope).Assembly;
        var services = context.GetInfrastructure();
        return (from type in routing.GetTypes()
                where type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
                let service = services.GetService(type)
                where service is not null && service.GetType().Assembly == routing
                from field in service.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
                let table = field.GetValue(service) as IDictionary
                where table is not null
                select table.Count).Sum();
    }
}
