using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sample.Infrastructure.Persistence;
using Sample.Infrastructure.Replication;

namespace Sample.Infrastructure.SqlServer;

/// <summary>Waits for a readable secondary. It cannot be paused from here.</summary>
internal sealed class AvailabilityGroupReplication(IServiceScopeFactory scopes) : UncontrolledReplication
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public override async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<SampleDbContext>().Database.WaitForReplicaAsync(Patience, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // A single server, or a login that may not read positions: there is nothing to wait by.
        }
    }
}
