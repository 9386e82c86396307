using Cqrs.Routing;
using MediatR;
using Sample.Application.Orders;

namespace Sample.Api.Jobs;

/// <summary>Handles one job in a scope of its own, as part of the session that sent it: whatever that session wrote is there.</summary>
internal sealed class ConfirmationHandler(IServiceScopeFactory scopes)
{
    /// <returns>The order; null if there is none, which a job that was sent after the commit never sees.</returns>
    public async Task<OrderDetails?> HandleAsync(ConfirmationJob job, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<RoutingSession>().TryResume(job.Session);
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(new GetOrder(job.OrderId), cancellationToken);
    }
}
