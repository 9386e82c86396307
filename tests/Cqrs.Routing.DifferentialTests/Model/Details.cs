namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Details
{
    public string Color { get; set; } = "";

    public int Weight { get; set; }
}
