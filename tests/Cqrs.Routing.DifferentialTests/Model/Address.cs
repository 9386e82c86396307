namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Address
{
    public string City { get; set; } = "";

    public int Zip { get; set; }
}
