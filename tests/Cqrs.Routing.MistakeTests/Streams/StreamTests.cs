using System.Runtime.CompilerServices;

namespace Cqrs.Routing.MistakeTests.Streams;

public sealed class StreamTests
{
    [Fact]
    public async Task A_stream_query_that_writes_while_it_streams_says_what_to_do()
    {
        await using var app = Create();

        (await Should.ThrowAsync<QueryWriteException>(() => app.InScopeAsync(async work => await work.Sender.CreateStream(new ExportProducts(Writes: true)).ToListAsync())))
            .ShouldSay("StreamTests.ExportProducts is a query and cannot write", "ShopContext", "Make the request a command (ICommand)");
    }

    [Fact]
    public async Task A_stream_query_that_is_enumerated_with_a_command_in_the_loop_does_not_refuse_the_command()
    {
        await using var app = Create();

        await app.InScopeAsync(async work =>
        {
            await foreach (var product in work.Sender.CreateStream(new ExportProducts(Writes: false)))
            {
                product.ShouldBe(ShopApp.OnReplica);
                await app.SendAsync(PlaceOrder.Right);
            }

            return 0;
        });

        (await app.CountOrdersAsync(app.Primary)).ShouldBe(2);
        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public async Task A_stream_that_is_left_early_leaves_nothing_open()
    {
        await using var app = Create();

        await app.InScopeAsync(async work =>
        {
            await work.Sender.CreateStream(new ExportProducts(Writes: false)).FirstAsync();
            return await work.Sender.Send(PlaceOrder.Right);
        });

        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public async Task A_stream_that_is_never_enumerated_reads_nothing()
    {
        await using var app = Create();

        await app.InScopeAsync(work => Task.FromResult(work.Sender.CreateStream(new ExportProducts(Writes: true))));

        app.Routes.Records.ShouldBeEmpty();
    }

    private static ShopApp Create()
    {
        var app = ShopApp.CreateRight();
        app.Services.AddTransient<IStreamRequestHandler<ExportProducts, string>, ExportProductsHandler>();
        return app;
    }

    public sealed record ExportProducts(bool Writes) : IStreamQuery<string>;

    private sealed class ExportProductsHandler(ShopContext shop) : IStreamRequestHandler<ExportProducts, string>
    {
        public async IAsyncEnumerable<string> Handle(ExportProducts request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var product in shop.Orders.Select(order => order.Product).AsAsyncEnumerable().WithCancellation(cancellationToken))
                yield return product;

            if (request.Writes)
            {
                shop.Orders.Add(new Order { Product = "exported" });
                await shop.SaveChangesAsync(cancellationToken);
            }
        }
    }
}
