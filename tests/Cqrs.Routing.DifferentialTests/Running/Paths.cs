using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Where an entity comes from, and what is included along with it.</summary>
public static class Paths
{
    public static string Of(Step.Act act) => act.Target switch
    {
        Target.Customer or Target.Product => "Orders",
        Target.Order => act.Amount % 2 == 0 ? "Customer" : "Product",
        _ => "Customers",
    };

    public static string SqlOf(Step.Act act) => act.Target switch
    {
        Target.Customer => "SELECT * FROM Customers",
        Target.Order => "SELECT * FROM Orders",
        Target.Product => "SELECT * FROM Products",
        _ => "SELECT * FROM Tags",
    };

    public static string OfTwoLevels(Step.Act act) => act.Target switch
    {
        Target.Customer => "Orders.Product",
        Target.Product => "Orders.Customer",
        Target.Order => act.Amount % 2 == 0 ? "Customer.Tags" : "Customer.Orders",
        _ => "Customers.Orders",
    };
}
