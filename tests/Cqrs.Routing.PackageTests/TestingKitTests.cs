using Cqrs.Routing.Testing;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.PackageTests;

/// <summary>The packed testing kit with each supported MediatR.</summary>
public sealed class TestingKitTests
{
    [Fact]
    public async Task A_replica_lags_as_far_as_the_test_decides()
    {
        using var lag = new LagSimulator();
        var services = new ServiceCollection().AddLogging();
        services.AddDbContext<NotesContext>(options => options.UseLagSimulator(lag));
        services.AddMediatR(options => options.RegisterServicesFromAssemblyContaining<NotesApplication>());
        services.AddRoutingBehavior();
        services.AddRouteRecorder();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<NotesContext>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        lag.Freeze();

        await sender.Send(new AddNote("new"), TestContext.Current.CancellationToken);
        (await sender.Send(new ListNotes(), TestContext.Current.CancellationToken)).ShouldBe(["new"]);

        provider.GetRequiredService<RouteRecorder>().AssertRoute<ListNotes>(DatabaseRole.Primary, RouteReason.NotCaughtUp);
    }
}
