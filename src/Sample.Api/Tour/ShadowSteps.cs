using Cqrs.Routing;
using MediatR;
using Sample.Api.Demo;
using Sample.Api.Traces;
using Sample.Application.Abstractions;
using Sample.Application.Customers;
using Sample.Application.Orders;
using Sample.Infrastructure.Replication;

namespace Sample.Api.Tour;

/// <summary>What an application does before routing is switched on, with three mistakes in it that routing would not let pass.</summary>
/// <param name="replication">Frozen for the stale read.</param>
/// <param name="canPause">Whether it can be frozen; if not, the stale read is left out.</param>
internal sealed class ShadowSteps(IReplication replication, bool canPause)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _visitor = $"visitor-{Guid.NewGuid():N}@example.com";
    private int _order;

    public IEnumerable<TourStep> All()
    {
        yield return new(
            "a query that would read the replica",
            [InShadow<ListOrders>()],
            async (scope, token) => (await Send(scope, new ListOrders(), token)).Count > 0);
        yield return new(
            "a command is as it was",
            [OnPrimary<PlaceOrder>()],
            async (scope, token) => (_order = await Send(scope, new PlaceOrder(_visitor, "Visitor", [new("Abacus", 1, 24.90m)]), token)) > 0);
        yield return new(
            "a query that writes: it may, and is told",
            [InShadow<MarkOrderSeen>()],
            async (scope, token) => await Send(scope, new MarkOrderSeen(_order), token) == 1);
        yield return new(
            "a query that sends a command: it may, and is told",
            [InShadow<GetReceipt>(), OnPrimary<PayOrder>(), OnPrimary<GetCustomerTotal>(RouteReason.InsideCommand)],
            async (scope, token) => (await Send(scope, new GetReceipt(_order), token)).OrderId == _order);
        if (canPause)
        {
            yield return new(
                "a query that would be stale on the replica: it is not, and the replica is asked beside it",
                [OnPrimary<PlaceOrder>(), InShadow<GetOrder>()],
                WriteAndReadAsync);
        }

        yield return new(
            "get-or-create and a stream",
            [InShadow<ExportOrders>()],
            async (scope, token) =>
                await scope.GetRequiredService<ICustomerRepository>().GetOrCreateAsync(_visitor, "Visitor", token) is { Created: false }
                && await scope.GetRequiredService<ISender>().CreateStream(new ExportOrders(), token).CountAsync(token) > 0);
    }

    private async Task<bool> WriteAndReadAsync(IServiceProvider scope, CancellationToken cancellationToken)
    {
        await replication.PauseAsync(cancellationToken);
        _order = await Send(scope, new PlaceOrder(_visitor, "Visitor", [new("Abacus", 1, 24.90m)]), cancellationToken);
        var report = scope.GetRequiredService<ShadowReport>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        // The replica is asked beside the query, and not for every query.
        while (!report.Requests.Any(request => request is { Name: nameof(GetOrder), Stale: > 0 }) && !patience.IsCancellationRequested)
        {
            if (await Send(scope, new GetOrder(_order), cancellationToken) is null)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        await replication.CatchUpAsync(cancellationToken);
        return true;
    }

    private static RouteStep InShadow<TRequest>() => OnPrimary<TRequest>(RouteReason.Shadow);

    private static RouteStep OnPrimary<TRequest>(RouteReason reason = RouteReason.Command) => new(typeof(TRequest).Name, DatabaseRole.Primary, reason);

    private static Task<T> Send<T>(IServiceProvider scope, IRequest<T> request, CancellationToken cancellationToken) =>
        scope.GetRequiredService<ISender>().Send(request, cancellationToken);
}
