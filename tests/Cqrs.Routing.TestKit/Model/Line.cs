namespace Cqrs.Routing.TestKit.Model;

public class Line
{
    public int Id { get; set; }

    public int OrderId { get; set; }

    public required string Product { get; set; }

    public int Quantity { get; set; } = 1;

    public virtual Order? Order { get; set; }
}
