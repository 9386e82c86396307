using Cqrs.Routing;
using Cqrs.Routing.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Sample.Application.Domain;
using Sample.Application.Orders;

namespace Sample.Tests.Replication;

/// <summary>The rows that the payer and another visitor see while replication is frozen, with the testing kit.</summary>
public sealed class SampleLagTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_payer_sees_the_payment_and_a_stranger_sees_it_when_the_replica_has_it()
    {
        await using var sample = new LaggingSample();
        await using var payer = sample.Services.CreateAsyncScope();
        sample.Lag.Freeze();

        await SendAsync(payer, new PayOrder(1));
        (await StatusAsync(payer)).ShouldBe(OrderStatus.Paid);
        sample.Routes.AssertRoute<GetOrder>(DatabaseRole.Primary, RouteReason.NotCaughtUp);

        sample.Routes.Clear();
        sample.Lag.Commands.Clear();
        (await StrangersStatusAsync(sample)).ShouldBe(OrderStatus.Placed);
        sample.Lag.Advance();
        (await StatusAsync(payer)).ShouldBe(OrderStatus.Paid);
        (await StrangersStatusAsync(sample)).ShouldBe(OrderStatus.Paid);

        sample.Routes.AssertRoute<GetOrder>(DatabaseRole.Replica);
        sample.Lag.Commands.AssertCounts(primary: 0, replica: 3);
        sample.Routes.AssertNoQueryWrote();
    }

    private static async Task<OrderStatus> StrangersStatusAsync(LaggingSample sample)
    {
        await using var scope = sample.Services.CreateAsyncScope();
        return await StatusAsync(scope);
    }

    private static async Task<OrderStatus> StatusAsync(AsyncServiceScope scope) => (await SendAsync(scope, new GetOrder(1)))!.Status;

    private static Task<T> SendAsync<T>(AsyncServiceScope scope, IRequest<T> request) =>
        scope.ServiceProvider.GetRequiredService<ISender>().Send(request, Token);
}
