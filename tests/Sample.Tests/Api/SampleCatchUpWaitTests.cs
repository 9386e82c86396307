using System.Net.Http.Json;
using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sample.Infrastructure.Persistence;
using Sample.Infrastructure.Replication;

namespace Sample.Tests.Api;

/// <summary>The setting <c>Replica:MaxCatchUpWait</c> and the wait that the page shows.</summary>
public sealed class SampleCatchUpWaitTests
{
    [Fact]
    public async Task A_query_that_may_wait_is_served_by_the_replica_and_the_log_says_how_long_it_took()
    {
        var token = TestContext.Current.CancellationToken;
        using var opened = new OpenedConnections();
        await using var sample = new SampleFactory();
        await using var factory = sample.WithWebHostBuilder(builder => builder.UseSetting("Replica:MaxCatchUpWait", "00:00:30"));
        using var client = factory.CreateClient();
        var replication = factory.Services.GetRequiredService<IReplication>();
        await replication.PauseAsync(token);
        using var paid = await client.PostAsync("api/orders/1/pay", content: null, token);
        client.DefaultRequestHeaders.Add("Routing-Session", paid.Headers.GetValues("Routing-Session"));

        var asked = opened.NextOf(ReplicaOf(factory.Services));
        var query = client.GetAsync("api/orders/1", token);
        // It asks as soon as it has the connection; how long the first request of all takes until then is another matter.
        await asked;
        await Task.Delay(50, token);
        query.IsCompleted.ShouldBeFalse();
        await replication.CatchUpAsync(token);

        using var answer = await query;
        answer.Headers.GetValues("X-Route").Single().ShouldBe("GetOrder: Replica (Query)");
        (await answer.JsonAsync())["status"]!.ToString().ShouldBe("Paid");
        var log = await client.GetFromJsonAsync<System.Text.Json.Nodes.JsonNode>("api/log", token);
        log!["entries"]![0]!["steps"]![0]!["waitedMilliseconds"]!.GetValue<double>().ShouldBeGreaterThan(1);
    }

    private static string ReplicaOf(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        using var query = RouteScope.BeginQuery();
        return scope.ServiceProvider.GetRequiredService<SampleDbContext>().Database.GetDbConnection().ConnectionString;
    }
}
