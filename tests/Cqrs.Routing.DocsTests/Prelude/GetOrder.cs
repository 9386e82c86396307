namespace Cqrs.Routing.DocsTests.Prelude;

public sealed record GetOrder(Guid Id) : IQuery<OrderDto>;
