namespace Cqrs.Routing.DocsTests.Prelude;

public sealed record OrderDto(Guid Id, string Product);
