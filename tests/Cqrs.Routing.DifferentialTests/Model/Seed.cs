namespace Cqrs.Routing.DifferentialTests.Model;

/// <summary>The rows that every program begins with.</summary>
public static class Seed
{
    public const int Ids = 3;

    public static void Into(MarketContext db)
    {
        var products = Enumerable.Range(1, Ids).Select(i => new Product { Name = $"product {i}", Price = i, Details = new() { Color = "red", Weight = i } }).ToList();
        var tags = Enumerable.Range(1, Ids).Select(i => new Tag { Label = $"tag {i}", Weight = i }).ToList();
        List<Customer> customers = [Customer(1, new()), Customer(2, new()), Customer(3, new CompanyCustomer { VatId = "VAT" })];
        customers[0].Orders.AddRange([Order(1, products[0]), Order(2, products[0])]);
        customers[1].Orders.Add(Order(3, products[1]));
        customers[2].Orders.Add(Order(4, null));
        customers[0].Tags.AddRange([tags[0], tags[1]]);
        customers[1].Tags.Add(tags[1]);

        // One after the other, so that each row has the same key in every file.
        foreach (var entity in products.Cast<object>().Concat(tags))
            Save(db, entity);
        foreach (var customer in customers)
            Save(db, customer);
        foreach (var product in db.ChangeTracker.Entries<Product>())
            product.Property<int>("Revision").CurrentValue = 7;
        db.SaveChanges();
    }

    private static void Save(MarketContext db, object entity)
    {
        db.Add(entity);
        db.SaveChanges();
    }

    private static Customer Customer(int id, Customer customer)
    {
        customer.Name = $"customer {id}";
        customer.Credit = 10 * id;
        customer.Address = new() { City = $"city {id}", Zip = id };
        customer.Preferences = new() { Language = "en", Level = id };
        customer.Profile = new()
        {
            Motto = $"motto {id}",
            Contacts = [new() { Kind = "home", Phones = [new() { Number = id }, new() { Number = id + 1 }] }, new() { Kind = "work" }],
        };
        return customer;
    }

    private static Order Order(int id, Product? product) => new()
    {
        Amount = id,
        Product = product,
        Lines = [new() { Text = $"line {id}", Quantity = id }],
        Deliveries = [new() { Carrier = "post", Parcels = [new() { Weight = id }] }],
    };
}
