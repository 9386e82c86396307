using Cqrs.Routing;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Sample.Api.Jobs;
using Sample.Application.Orders;

namespace Sample.Api.Endpoints;

/// <summary>The use cases over HTTP. Nothing here knows that there are two servers, except the one switch that forces the primary.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/api/orders").WithTags("Orders");
        orders.MapGet("", ListAsync).WithSummary("The newest orders, from the replica; with fresh=true from the primary");
        orders.MapGet("{id:int}", GetAsync).WithSummary("One order with its lines");
        orders.MapGet("search", SearchAsync).WithSummary("The orders whose customer or product contains a text");
        orders.MapGet("export", Export).WithSummary("Every order as CSV, streamed from the replica");
        orders.MapPost("", PlaceAsync).WithSummary("Places an order on the primary").ProducesProblem(400);
        orders.MapPost("{id:int}/pay", PayAsync).WithSummary("Pays an order").ProducesProblem(400);
        orders.MapPost("{id:int}/cancel", CancelAsync).WithSummary("Cancels an order").ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Ok<IReadOnlyList<OrderSummary>>> ListAsync(
        ISender sender, CancellationToken cancellationToken, bool fresh = false, int take = 50)
    {
        using var primary = fresh ? RouteScope.ForcePrimary() : null;
        return TypedResults.Ok(await sender.Send(new ListOrders(take), cancellationToken));
    }

    private static async Task<Results<Ok<OrderDetails>, NotFound>> GetAsync(
        int id, ISender sender, CancellationToken cancellationToken) =>
        await sender.Send(new GetOrder(id), cancellationToken) is { } order ? TypedResults.Ok(order) : TypedResults.NotFound();

    private static async Task<Ok<IReadOnlyList<OrderSummary>>> SearchAsync(
        string text, ISender sender, CancellationToken cancellationToken) =>
        TypedResults.Ok(await sender.Send(new SearchOrders(text), cancellationToken));

    private static CsvResult Export(ISender sender, CancellationToken cancellationToken) =>
        new(sender.CreateStream(new ExportOrders(), cancellationToken));

    private static async Task<Created<OrderPlaced>> PlaceAsync(
        PlaceOrder order, ISender sender, RoutingSession session, JobQueue jobs, CancellationToken cancellationToken)
    {
        var id = await sender.Send(order, cancellationToken);
        // After the commit, so that the worker finds what it is told about; and whoever sent the request may be gone by now, but the order is there.
        await jobs.EnqueueAsync(new(id, await session.GetTokenAsync(CancellationToken.None)), CancellationToken.None);
        return TypedResults.Created($"/api/orders/{id}", new OrderPlaced(id));
    }

    private static async Task<Ok<PaidOrder>> PayAsync(int id, ISender sender, CancellationToken cancellationToken) =>
        TypedResults.Ok(await sender.Send(new PayOrder(id), cancellationToken));

    private static async Task<NoContent> CancelAsync(int id, ISender sender, CancellationToken cancellationToken)
    {
        await sender.Send(new CancelOrder(id), cancellationToken);
        return TypedResults.NoContent();
    }
}
