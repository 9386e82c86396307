using System.Net.Http.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sample.Api;
using Sample.Api.Jobs;
using Sample.Api.Traces;
using Sample.Application.Orders;
using Sample.Infrastructure.Persistence;

namespace Sample.Tests.Jobs;

/// <summary>The worker that confirms orders, from the order to its confirmation.</summary>
public sealed class WorkerTests
{
    private readonly CommitHook _commit = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "C253")]
    public async Task No_job_is_handled_before_the_commit_of_the_order_that_it_is_about()
    {
        await using var factory = new SampleFactory();
        await using var hooked = Hook(factory);
        using var client = hooked.CreateClient();
        var before = -1;
        _commit.Before = async () =>
        {
            // Time enough for a worker that was told too early.
            await Task.Delay(TimeSpan.FromMilliseconds(300), Token);
            before = Jobs(hooked).Count;
        };

        await client.PostAsJsonAsync("api/orders", NewOrder, Token);

        before.ShouldBe(0);
        await UntilHandledAsync(hooked, 1);
    }

    [Fact]
    public async Task A_client_that_is_gone_right_after_the_commit_has_its_order_confirmed_all_the_same()
    {
        await using var factory = new SampleFactory();
        await using var hooked = Hook(factory);
        using var client = hooked.CreateClient();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _commit.After = gone.Cancel;

        await Should.ThrowAsync<OperationCanceledException>(() => client.PostAsJsonAsync("api/orders", NewOrder, gone.Token));

        await UntilHandledAsync(hooked, 1);
    }

    [Fact]
    public async Task A_job_that_is_cancelled_by_something_else_than_the_host_does_not_stop_the_others()
    {
        await using var factory = new SampleFactory();
        await using var hooked = factory.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            services.AddSingleton<IPipelineBehavior<GetOrder, OrderDetails?>, CancelFirst>()));
        hooked.CreateClient().Dispose();
        var queue = hooked.Services.GetRequiredService<JobQueue>();

        await queue.EnqueueAsync(new(1, Session: null), Token);
        await queue.EnqueueAsync(new(2, Session: null), Token);

        await UntilHandledAsync(hooked, 2);
    }

    private WebApplicationFactory<Program> Hook(SampleFactory factory) => factory.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
        services.ConfigureDbContext<SampleDbContext>(options => options.AddInterceptors(_commit))));

    private static List<RouteLogEntry> Jobs(WebApplicationFactory<Program> factory) =>
        [.. factory.Services.GetRequiredService<RouteLog>().View().Entries.Where(entry => entry.Source.StartsWith("Job:", StringComparison.Ordinal))];

    private static async Task UntilHandledAsync(WebApplicationFactory<Program> factory, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (Jobs(factory).Count < count)
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }

    private static object NewOrder => new
    {
        email = "ada@example.com",
        name = "Ada Lovelace",
        lines = new[] { new { product = "Abacus", quantity = 1, unitPrice = 24.90m } },
    };
}
