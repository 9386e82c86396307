namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>What an act is about, and so which register it reads or fills.</summary>
public enum Target
{
    Customer,
    Order,
    Product,
    Tag,
}
