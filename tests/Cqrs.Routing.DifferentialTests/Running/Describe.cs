using System.Globalization;
using Cqrs.Routing.DifferentialTests.Model;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Values as text, without loading anything.</summary>
public static class Describe
{
    // EF makes up keys from the smallest number up, until a row has one. They are other ones in each run, and stay in the foreign keys of what was not tracked yet if a save fails.
    private const int LastMadeUpKey = -2_000_000_000;

    public static string Key(object? entity) => entity switch
    {
        null => "null",
        Customer customer => Text($"c{customer.Id}"),
        Order order => Text($"o{order.Id}"),
        Product product => Text($"p{product.Id}"),
        Tag tag => Text($"t{tag.Id}"),
        Line line => Text($"{line.Text}*{line.Quantity}"),
        Delivery delivery => Text($"{delivery.Carrier}({Join(delivery.Parcels, parcel => Text($"{parcel.Weight}"))})"),
        Contact contact => Text($"{contact.Kind}({Join(contact.Phones, phone => Text($"{phone.Number}"))})"),
        Address address => Text($"{address.City} {address.Zip}"),
        Profile profile => Text($"{profile.Motto}[{Join(profile.Contacts, Key)}]"),
        Preferences preferences => Text($"{preferences.Language} {preferences.Level}"),
        Details details => Text($"{details.Color} {details.Weight}"),
        _ => entity.GetType().Name,
    };

    /// <summary>An entity, its parts, and its neighbours with theirs.</summary>
    public static string Entity(object? entity) => entity switch
    {
        Customer customer => Text($"{Flat(customer)} orders[{Join(customer.Orders, order => $"{Flat(order)} of {Key(order.Product)}")}] tags[{Join(customer.Tags, Flat)}]"),
        Order order => Text($"{Flat(order)} customer {Flat(order.Customer)} product {Flat(order.Product)}"),
        Product product => Text($"{Flat(product)} orders[{Join(product.KnownOrders, Flat)}]"),
        Tag tag => Text($"{Flat(tag)} customers[{Join(tag.Customers, Flat)}]"),
        _ => Key(entity),
    };

    public static string Value(object? value) => value switch
    {
        null => "null",
        <= LastMadeUpKey => "new",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        System.Collections.IEnumerable all => $"[{Join(all.Cast<object>(), Key)}]",
        _ => Key(value),
    };

    public static string Join<T>(IEnumerable<T>? all, Func<T, string> text) => all is null ? "-" : string.Join(", ", all.Select(text));

    private static string Flat(object? entity) => entity switch
    {
        Customer c => Text($"c{c.Id} {c.Name} {c.Credit} {(c as CompanyCustomer)?.VatId} at {Key(c.Address)}, {Key(c.Preferences)}, {Key(c.Profile)}"),
        Order o => Text($"o{o.Id} {o.Amount} v{o.Version} c{o.CustomerId} p{o.ProductId} [{Join(o.Lines, Key)}] [{Join(o.Deliveries, Key)}]"),
        Product p => Text($"p{p.Id} {p.Name} {p.Price} {Key(p.Details)}"),
        Tag t => Text($"t{t.Id} {t.Label} {t.Weight}"),
        _ => Key(entity),
    };

    private static string Text(FormattableString text) =>
        string.Format(CultureInfo.InvariantCulture, text.Format, Array.ConvertAll(text.GetArguments(), value => value is null ? null : Value(value)));
}
