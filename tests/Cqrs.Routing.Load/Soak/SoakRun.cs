using System.Diagnostics;
using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Servers;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.Load.Soak;

/// <summary>
/// Many requests of many tenants, with every way to give a context its connections: what the library, the pools and the servers hold in the end is what they held after the first tenth.
/// </summary>
internal static class SoakRun
{
    private const string Application = "soak";
    private const int Rows = 64;
    private const int Samples = 10;

    // A tenant's own string is a pool of its own to Npgsql, so that it is not pooled here; that costs a connection each.
    private const int TenantShare = 10;

    // Two tables of at most 1,000 strings, for each of the applications.
    private const int MaxEntries = 6_000;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        arguments.OnlyKnow("--requests", "--tenants", "--contexts", "--workers");
        var requests = arguments.Number("--requests", 200_000);
        var tenants = arguments.Number("--tenants", 5_000);
        var contexts = arguments.Number("--contexts", 6_000);
        var workers = arguments.Number("--workers", 8);
        await using var servers = await LoadServers.StartAsync(Rows, cancellationToken);
        var (primary, replica) = (servers.Database.Primary + $";Application Name={Application}", servers.Database.Replica + $";Application Name={Application}");
        await using var primarySource = NpgsqlDataSource.Create(primary);
        await using var replicaSource = NpgsqlDataSource.Create(replica);
        var keys = new EphemeralDataProtectionProvider();
        await using var pooled = ApplicationInstance.Start(keys, services => services.AddDbContextPool<LoadContext>(options => options.UseNpgsql(primary).UseReplica(replica)));
        await using var scoped = ApplicationInstance.Start(keys, services => services
            .AddScoped(_ => new ScopedConnections(primarySource, replicaSource))
            .AddDbContext<LoadContext>((scope, options) => options
                .UseNpgsql(scope.GetRequiredService<ScopedConnections>().Primary)
                .UseReplica(other => other.UseNpgsql(scope.GetRequiredService<ScopedConnections>().Replica))));
        await using var tenanted = ApplicationInstance.Start(keys, services => services
            .AddScoped<Tenant>()
            .AddDbContext<LoadContext>((scope, options) => options
                .UseNpgsql(OfTenant(primary, scope.GetRequiredService<Tenant>()))
                .UseReplica(OfTenant(replica, scope.GetRequiredService<Tenant>()))));
        await using var many = ApplicationInstance.Start(keys, services => services.AddDbContextFactory<LoadContext>(options => options.UseNpgsql(primary).UseReplica(replica)));

        var samples = new List<SoakSample>();
        await using var ofPooled = pooled.CreateAsyncScope();
        await using var ofScoped = scoped.CreateAsyncScope();
        await using var ofTenants = tenanted.CreateAsyncScope();
        LoadContext[] witnesses = [.. from scope in new[] { ofPooled, ofScoped, ofTenants } select scope.ServiceProvider.GetRequiredService<LoadContext>()];
        var began = Stopwatch.GetTimestamp();
        Console.WriteLine($"PostgreSQL {servers.Version}; {requests:N0} requests of {tenants:N0} tenants, {workers} at a time.\n\n| requests | heap, MB | connections | entries |\n|---|---|---|---|");
        for (var part = 0; part < Samples; part++)
        {
            var from = requests / Samples * part;
            await Parallel.ForEachAsync(
                Enumerable.Range(from, requests / Samples),
                new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
                (number, cancellation) => SendAsync(number % TenantShare == 0 ? tenanted : number % 2 == 0 ? scoped : pooled, number, tenants, cancellation));
            var sample = await SoakSample.TakeAsync(from + (requests / Samples), witnesses, [servers.Database.Primary, servers.Database.Replica], Application);
            Console.WriteLine($"| {sample.Requests:N0} | {sample.Heap / 1e6:F1} | {sample.Connections} | {sample.Entries} |");
            samples.Add(sample);
        }

        await using var reports = many.CreateAsyncScope();
        var grown = await reports.ServiceProvider.GetRequiredService<ISender>().Send(new ReadWithManyContexts(contexts), cancellationToken);
        Console.WriteLine($"\nOne query with {contexts:N0} contexts: the heap grew by {grown / 1e6:F1} MB. {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s in all.");
        return IsFlat(samples.FindAll(sample => sample.Requests >= tenants * TenantShare), workers) && grown < 5_000_000 ? 0 : 1;
    }

    // Npgsql keeps for each string what it has loaded of types, so memory is compared from when each tenant was there once. Pools may hold one connection more or less for each that works at a time, and the
    // library empties a table of strings when it is full.
    private static bool IsFlat(List<SoakSample> samples, int workers)
    {
        if (samples.Count < 2)
            throw new ArgumentException($"--requests has to be well above {TenantShare} times --tenants, so that each tenant comes more than once.");

        var (first, last) = (samples[0], samples[^1]);
        return last.Heap < (first.Heap * 1.1) + 5_000_000 && last.Connections <= first.Connections + workers && last.Entries <= first.Entries + MaxEntries;
    }

    private static async ValueTask SendAsync(ServiceProvider application, int number, int tenants, CancellationToken cancellationToken)
    {
        await using var scope = application.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<Tenant>() is { } tenant)
            tenant.Number = number / TenantShare % tenants;
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        var row = number % Rows;
        if (number % 5 == 0)
            await sender.Send(new IncrementRow(row), cancellationToken);
        else if (number % 7 == 0)
            await sender.Send(new ReadRowTracked(row), cancellationToken);
        await sender.Send(new ReadRows(row, (row + 1) % Rows), cancellationToken);
    }

    private static string OfTenant(string server, Tenant tenant) => $"{server} {tenant.Number};Search Path=tenant_{tenant.Number},public;Pooling=false";
}
