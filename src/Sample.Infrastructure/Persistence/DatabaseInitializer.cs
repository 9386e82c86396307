using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sample.Application.Domain;
using Sample.Infrastructure.Replication;
using Sample.Infrastructure.Servers;

namespace Sample.Infrastructure.Persistence;

/// <summary>Creates the schema and some orders on the primary before anything is served, and waits until the replica has them.</summary>
internal sealed class DatabaseInitializer(IServiceScopeFactory scopes, DatabaseServers servers, IReplication replication, TimeProvider time) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SampleDbContext>();

        // Outside any request everything is on the primary, so there is nothing to say about routes here.
        await db.Database.EnsureCreatedAsync(cancellationToken);
        await servers.CompleteSchemaAsync(db, cancellationToken);
        if (!await db.Orders.AnyAsync(cancellationToken))
        {
            db.Orders.AddRange(SomeOrders());
            await db.SaveChangesAsync(cancellationToken);
        }

        await replication.CatchUpAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Order> SomeOrders()
    {
        var now = time.GetUtcNow();
        var ada = new Customer("ada@example.com", "Ada Lovelace");
        var grace = new Customer("grace@example.com", "Grace Hopper");
        yield return new(ada, now.AddDays(-2), [new("Punched cards, 500", 2, 18.50m), new("Brass gear", 1, 42.00m)]);
        yield return new(grace, now.AddDays(-1), [new("Moth, framed", 1, 9.47m)]);
        yield return new(ada, now.AddHours(-3), [new("Difference engine, model", 1, 129.00m)]);
    }
}
