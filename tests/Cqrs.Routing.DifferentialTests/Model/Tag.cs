namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>On many customers, which have many.</summary>
public sealed class Tag
{
    public int Id { get; set; }

    public string Label { get; set; } = "";

    public int Weight { get; set; }

    public List<Customer> Customers { get; set; } = [];
}
