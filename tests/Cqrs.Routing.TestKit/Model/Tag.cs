namespace Cqrs.Routing.TestKit.Model;

public class Tag
{
    public int Id { get; set; }

    public required string Label { get; set; }

    public virtual IList<Order> Orders { get; init; } = [];
}
