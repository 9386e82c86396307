using System.Globalization;
using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>What a program does to the entities that it holds. Numbers are added to, so that what was read shows in what is written.</summary>
public static class Edits
{
    public static void Do(Step.Act act, Registers registers)
    {
        switch (registers[act.Target, act.Register]?.Entity)
        {
            case Customer customer:
                Edit(customer, act, registers);
                break;
            case Order order:
                Edit(order, act, registers);
                break;
            case Product product:
                Edit(product, act, registers);
                break;
            case Tag tag:
                Edit(tag, act, registers);
                break;
        }
    }

    private static void Edit(Customer customer, Step.Act act, Registers registers)
    {
        switch (act.Verb)
        {
            case Verb.EditScalar:
                customer.Credit += act.Amount;
                break;
            case Verb.EditOwned when customer.Address is { } address:
                address.Zip += act.Amount;
                break;
            case Verb.ReplaceOwned:
                customer.Address = new() { City = Text(act), Zip = (customer.Address?.Zip ?? 0) + act.Amount };
                break;
            case Verb.AddOwned:
                customer.Profile = new() { Motto = Text(act), Contacts = [new() { Kind = Text(act), Phones = [new() { Number = act.Amount }] }] };
                break;
            case Verb.RemoveOwned:
                customer.Address = null;
                break;
            case Verb.EditComplex:
                customer.Preferences.Level += act.Amount;
                break;
            case Verb.ReplaceComplex:
                customer.Preferences = new() { Language = Text(act), Level = customer.Preferences.Level + act.Amount };
                break;
            case Verb.EditJson when customer.Profile is { } profile:
                profile.Motto += act.Amount;
                if (profile.Contacts.FirstOrDefault()?.Phones.FirstOrDefault() is { } phone)
                    phone.Number += act.Amount;
                break;
            case Verb.AddJson:
                customer.Profile?.Contacts.Add(new() { Kind = Text(act), Phones = [new() { Number = act.Amount }] });
                break;
            case Verb.AddInnerJson:
                customer.Profile?.Contacts.FirstOrDefault()?.Phones.Add(new() { Number = act.Amount });
                break;
            case Verb.RemoveJson when customer.Profile is { Contacts.Count: > 0 } profile:
                profile.Contacts.RemoveAt(0);
                break;
            case Verb.AddNewOrder:
                customer.Orders.Add(new() { Amount = act.Amount, Product = registers.Product(act.Register) });
                break;
            case Verb.AddHeldOrder when registers.Order(act.Register) is { } order:
                customer.Orders.Add(order);
                break;
            case Verb.RemoveFirstOrder when customer.Orders.Count > 0:
                // Kept, so that a later act can put it back.
                registers[Target.Order, act.Register] = new(customer.Orders[0], registers[Target.Customer, act.Register]!.NotTracked);
                customer.Orders.RemoveAt(0);
                break;
            case Verb.AddHeldTag when registers.Tag(act.Register) is { } tag:
                customer.Tags.Add(tag);
                break;
            case Verb.RemoveFirstTag when customer.Tags.Count > 0:
                customer.Tags.RemoveAt(0);
                break;
        }
    }

    private static void Edit(Order order, Step.Act act, Registers registers)
    {
        switch (act.Verb)
        {
            case Verb.EditScalar:
                order.Amount += act.Amount;
                break;
            case Verb.EditVersion:
                order.Version++;
                break;
            case Verb.EditOwned when order.Lines.Count > 0:
                order.Lines[0].Quantity += act.Amount;
                break;
            case Verb.ReplaceOwned when order.Lines.Count > 0:
                order.Lines[0] = new() { Text = Text(act), Quantity = order.Lines[0].Quantity + act.Amount };
                break;
            case Verb.AddOwned:
                order.Lines.Add(new() { Text = Text(act), Quantity = act.Amount });
                break;
            case Verb.RemoveOwned when order.Lines.Count > 0:
                order.Lines.RemoveAt(0);
                break;
            case Verb.EditJson when order.Deliveries.FirstOrDefault()?.Parcels.FirstOrDefault() is { } parcel:
                parcel.Weight += act.Amount;
                break;
            case Verb.AddJson:
                order.Deliveries.Add(new() { Carrier = Text(act), Parcels = [new() { Weight = act.Amount }] });
                break;
            case Verb.AddInnerJson:
                order.Deliveries.FirstOrDefault()?.Parcels.Add(new() { Weight = act.Amount });
                break;
            case Verb.RemoveJson when order.Deliveries.Count > 0:
                order.Deliveries.RemoveAt(0);
                break;
            case Verb.SetReference when act.Amount % 3 == 0:
                order.Product = null;
                break;
            case Verb.SetReference when act.Amount % 3 == 1 && registers.Product(act.Register) is { } product:
                order.Product = product;
                break;
            case Verb.SetReference when registers.Customer(act.Register) is { } customer:
                order.Customer = customer;
                break;
        }
    }

    private static void Edit(Product product, Step.Act act, Registers registers)
    {
        switch (act.Verb)
        {
            case Verb.EditScalar:
                product.Price += act.Amount;
                break;
            case Verb.EditComplex:
                product.Details.Weight += act.Amount;
                break;
            case Verb.ReplaceComplex:
                product.Details = new() { Color = Text(act), Weight = product.Details.Weight + act.Amount };
                break;
            case Verb.ReadLazily:
                _ = product.Orders;
                break;
            case Verb.AddLazily when registers.Order(act.Register) is { } order:
                product.Orders.Add(order);
                break;
        }
    }

    private static void Edit(Tag tag, Step.Act act, Registers registers)
    {
        switch (act.Verb)
        {
            case Verb.EditScalar:
                tag.Weight += act.Amount;
                break;
            case Verb.SetReference when registers.Customer(act.Register) is { } customer:
                tag.Customers.Add(customer);
                break;
        }
    }

    private static string Text(Step.Act act) => string.Create(CultureInfo.InvariantCulture, $"edit {act.Amount}");
}
