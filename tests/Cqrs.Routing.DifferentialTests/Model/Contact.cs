namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Contact
{
    public string Kind { get; set; } = "";

    public List<Phone> Phones { get; set; } = [];
}
