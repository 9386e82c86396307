namespace Cqrs.Routing.DifferentialTests.Model;

public sealed class Phone
{
    public int Number { get; set; }
}
