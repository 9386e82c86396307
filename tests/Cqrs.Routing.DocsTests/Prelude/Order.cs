namespace Cqrs.Routing.DocsTests.Prelude;

public sealed class Order
{
    public Guid Id { get; set; }

    public string Product { get; set; } = "";
}
