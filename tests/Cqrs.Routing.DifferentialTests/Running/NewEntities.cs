using System.Globalization;
using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Entities that a program makes by itself.</summary>
public static class NewEntities
{
    public static object Create(Step.Act act, Registers registers) => act.Target switch
    {
        Target.Customer => new Customer { Name = Name(act), Credit = act.Amount, Address = new() { City = Name(act) }, Profile = new() { Motto = Name(act) } },
        // A customer that is held becomes part of the graph; otherwise the key is enough.
        Target.Order => registers.Customer(act.Register) is { } customer && act.Amount % 2 == 0
            ? new Order { Amount = act.Amount, Customer = customer, Product = registers.Product(act.Register) }
            : new Order { Amount = act.Amount, CustomerId = act.Id, Product = registers.Product(act.Register), Lines = [new() { Text = Name(act), Quantity = act.Amount }] },
        Target.Product => new Product { Name = Name(act), Price = act.Amount },
        _ => new Tag { Label = Name(act), Weight = act.Amount },
    };

    /// <summary>An entity of which only the key is known.</summary>
    public static object CreateStub(Step.Act act) => act.Target switch
    {
        Target.Customer => new Customer { Id = act.Id },
        Target.Order => new Order { Id = act.Id, CustomerId = 1 },
        Target.Product => new Product { Id = act.Id },
        _ => new Tag { Id = act.Id },
    };

    /// <summary>The same row as another object, as it comes back from a form.</summary>
    public static object? TryCopy(object entity) => entity switch
    {
        Tag tag => new Tag { Id = tag.Id, Label = tag.Label + "'", Weight = tag.Weight },
        Order order => new Order { Id = order.Id, Amount = order.Amount + 1, Version = order.Version, CustomerId = order.CustomerId, ProductId = order.ProductId },
        _ => null,
    };

    private static string Name(Step.Act act) => string.Create(CultureInfo.InvariantCulture, $"new {act.Amount}");
}
