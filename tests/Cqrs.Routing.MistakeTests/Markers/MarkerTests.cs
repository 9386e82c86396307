using System.Runtime.CompilerServices;

namespace Cqrs.Routing.MistakeTests.Markers;

/// <summary>Requests that carry no marker, a wrong one, or two.</summary>
public sealed class MarkerTests
{
    [Fact]
    public async Task A_request_without_a_marker_is_warned_of_and_reads_from_the_primary()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<GetPrices, object?>, GetPricesHandler>();

        (await app.SendAsync(new GetPrices())).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(1, "MarkerTests.GetPrices", "IQuery<T>", "ICommand", "RoutingOptions.ClassifyByNameSuffix()");
    }

    [Fact]
    public async Task A_request_without_a_marker_is_warned_of_once()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<GetPrices, object?>, GetPricesHandler>();

        await app.SendAsync(new GetPrices());
        await app.SendAsync(new GetPrices());

        app.Log.ShouldBeOnlyWarning(1, "MarkerTests.GetPrices");
    }

    [Fact]
    public async Task A_query_interface_of_ones_own_is_not_recognized_and_the_warning_says_how_to_name_it()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<GetStock, object?>, GetStockHandler>();

        (await app.SendAsync(new GetStock())).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(1, "MarkerTests.GetStock", "RoutingOptions.AddQueryMarker");
    }

    [Fact]
    public async Task A_name_that_ends_in_Query_is_no_marker_without_ClassifyByNameSuffix()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<GetStockQuery, object?>, GetStockQueryHandler>();

        (await app.SendAsync(new GetStockQuery())).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(1, "MarkerTests.GetStockQuery", "ClassifyByNameSuffix()");
    }

    [Fact]
    public async Task A_suffix_in_other_letters_matches_nothing_and_the_warning_names_the_request()
    {
        await using var app = ShopApp.CreateRight(routing => routing.ClassifyByNameSuffix("query", "command"));
        app.Services.AddTransient<IRequestHandler<GetStockQuery, object?>, GetStockQueryHandler>();

        (await app.SendAsync(new GetStockQuery())).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(1, "MarkerTests.GetStockQuery", "ClassifyByNameSuffix()");
    }

    [Fact]
    public async Task A_stream_without_a_marker_is_warned_of_with_the_marker_of_streams()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IStreamRequestHandler<ExportOrders, string>, ExportOrdersHandler>();

        await app.InScopeAsync(async work => await work.Sender.CreateStream(new ExportOrders()).ToListAsync());

        app.Log.ShouldBeOnlyWarning(1, "MarkerTests.ExportOrders", "IStreamQuery<T>");
    }

    [Fact]
    public async Task A_query_that_is_a_command_too_is_refused_where_routing_is_added()
    {
        await using var app = new ShopApp();
        app.AddMediator();
        app.Services.AddTransient<IRequestHandler<PayAndShow, object?>, PayAndShowHandler>();

        Should.Throw<InvalidOperationException>(() => app.AddRouting()).ShouldSay("'MarkerTests.PayAndShow'", "both a query and a command marker", "Make it a query (it only reads) or a command (it may write)");
    }

    [Fact]
    public async Task A_query_that_is_a_command_too_is_refused_when_it_is_sent_if_its_handler_is_added_later()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<PayAndShow, object?>, PayAndShowHandler>();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new PayAndShow()))).ShouldSay("'MarkerTests.PayAndShow'", "Make it a query (it only reads) or a command (it may write)");
    }

    [Fact]
    public async Task A_query_that_is_a_command_too_is_an_error_of_the_self_check()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<PayAndShow, object?>, PayAndShowHandler>();

        var report = await app.CheckAsync();

        report.Passed.ShouldBeFalse();
        report.ToString().ShouldSay("'MarkerTests.PayAndShow'", "not both");
    }

    [Fact]
    public async Task Requests_without_a_marker_are_listed_by_the_self_check()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<IRequestHandler<GetPrices, object?>, GetPricesHandler>();

        (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning).Message
            .ShouldSay("1 are neither query nor command", "MarkerTests.GetPrices", "Mark them", "RoutingOptions.ClassifyByNameSuffix");
    }

    [Fact]
    public async Task A_command_that_only_reads_reads_from_the_primary_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(work => work.Sender.Send(new PlaceOrder(inner => inner.ReadAsync())));

        routed.ShouldBe(plain);
    }

    public sealed record GetPrices : IRequest<object?>;

    public interface IAppQuery<TResult> : IRequest<TResult>;

    public sealed record GetStock : IAppQuery<object?>;

    public sealed record GetStockQuery : IRequest<object?>;

    public sealed record ExportOrders : IStreamRequest<string>;

    public sealed record PayAndShow : IQuery<object?>, ICommand<object?>;

    private sealed class GetPricesHandler(IServiceProvider services) : IRequestHandler<GetPrices, object?>
    {
        public Task<object?> Handle(GetPrices request, CancellationToken cancellationToken) => new Work(services, cancellationToken).ReadAsync();
    }

    private sealed class GetStockHandler(IServiceProvider services) : IRequestHandler<GetStock, object?>
    {
        public Task<object?> Handle(GetStock request, CancellationToken cancellationToken) => new Work(services, cancellationToken).ReadAsync();
    }

    private sealed class GetStockQueryHandler(IServiceProvider services) : IRequestHandler<GetStockQuery, object?>
    {
        public Task<object?> Handle(GetStockQuery request, CancellationToken cancellationToken) => new Work(services, cancellationToken).ReadAsync();
    }

    private sealed class PayAndShowHandler : IRequestHandler<PayAndShow, object?>
    {
        public Task<object?> Handle(PayAndShow request, CancellationToken cancellationToken) => Task.FromResult<object?>(null);
    }

    private sealed class ExportOrdersHandler(ShopContext shop) : IStreamRequestHandler<ExportOrders, string>
    {
        public async IAsyncEnumerable<string> Handle(ExportOrders request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var product in shop.Orders.Select(order => order.Product).AsAsyncEnumerable().WithCancellation(cancellationToken))
                yield return product;
        }
    }
}
