using System.Runtime.CompilerServices;

namespace Cqrs.Routing.MistakeTests.Handlers;

/// <summary>A query whose answer reads its rows only when the caller enumerates it.</summary>
public sealed class DeferredAnswerTests
{
    [Fact]
    public async Task A_query_that_returns_an_IQueryable_says_what_to_return()
    {
        await using var app = ShopApp.CreateRight();

        var product = await app.InScopeAsync(async work =>
            await ((IQueryable<string>)(await work.Sender.Send(new GetReport(inner => Task.FromResult<object?>(inner.Shop.Orders.Select(order => order.Product)))))!).FirstAsync());

        product.ShouldBe(ShopApp.OnPrimary);
        app.Log.ShouldBeOnlyWarning(38, "GetReport answered with", "Return the rows (ToListAsync)", "IStreamQuery<T>");
    }

    [Fact]
    public async Task A_query_that_returns_AsEnumerable_says_what_to_return()
    {
        await using var app = ShopApp.CreateRight();

        await app.SendAsync(new GetReport(work => Task.FromResult<object?>(work.Shop.Orders.Select(order => order.Product).AsEnumerable())));

        app.Log.ShouldBeOnlyWarning(38, "GetReport", "Return the rows (ToListAsync)");
    }

    [Fact]
    public async Task A_query_that_returns_an_IAsyncEnumerable_says_what_to_return()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<ListProducts, IAsyncEnumerable<string>>, ListProductsHandler>();

        var products = await app.InScopeAsync(async work => await (await work.Sender.Send(new ListProducts())).ToListAsync());

        products.ShouldBe([ShopApp.OnPrimary]);
        app.Log.ShouldBeOnlyWarning(38, "DeferredAnswerTests.ListProducts", "Return the rows (ToListAsync)", "IStreamQuery<T>");
    }

    [Fact]
    public async Task Background_work_that_a_query_starts_reads_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(async work =>
        {
            var ended = new TaskCompletionSource();
            Task<object?>? background = null;
            await work.Sender.Send(new GetReport(inner =>
            {
                background = Task.Run(async () =>
                {
                    await ended.Task;
                    return await work.ReadAsync();
                });
                return Task.FromResult<object?>(null);
            }));
            ended.SetResult();
            return await background!;
        });

        routed.ShouldBe(plain);
    }

    public sealed record ListProducts : IQuery<IAsyncEnumerable<string>>;

    private sealed class ListProductsHandler(ShopContext shop) : IRequestHandler<ListProducts, IAsyncEnumerable<string>>
    {
        public Task<IAsyncEnumerable<string>> Handle(ListProducts request, CancellationToken cancellationToken) => Task.FromResult(ListAsync(CancellationToken.None));

        private async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var product in await shop.Orders.Select(order => order.Product).ToListAsync(cancellationToken))
                yield return product;
        }
    }
}
