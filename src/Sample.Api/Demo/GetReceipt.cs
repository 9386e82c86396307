using Cqrs.Routing;
using MediatR;
using Sample.Application.Orders;

namespace Sample.Api.Demo;

/// <summary>A mistake, kept to show what happens to it: a query that sends a command. It pays the order that it was only to show.</summary>
internal sealed record GetReceipt(int OrderId) : IQuery<PaidOrder>;

internal sealed class GetReceiptHandler(ISender sender) : IQueryHandler<GetReceipt, PaidOrder>
{
    public Task<PaidOrder> Handle(GetReceipt query, CancellationToken cancellationToken) => sender.Send(new PayOrder(query.OrderId), cancellationToken);
}
