namespace Cqrs.Routing.DocsTests.Prelude;

public sealed record PlaceOrder(string Product) : ICommand<Guid>;
