namespace Cqrs.Routing.MistakeTests.Application;

public sealed class Order
{
    public int Id { get; set; }

    public required string Product { get; set; }
}
