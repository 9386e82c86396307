namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>Owned by an order, in a table of its own, with a key that only EF knows.</summary>
public sealed class Line
{
    public string Text { get; set; } = "";

    public int Quantity { get; set; }
}
