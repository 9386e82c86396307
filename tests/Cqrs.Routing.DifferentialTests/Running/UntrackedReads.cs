using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Reads that track nothing. They return an entity, or a text that is the answer.</summary>
public static class UntrackedReads
{
    public static Task<object?> ReadAsync(MarketContext db, Step.Act act) => act.Target switch
    {
        Target.Customer => ReadAsync(db.Customers, db, act),
        Target.Order => ReadAsync(db.Orders, db, act),
        Target.Product => ReadAsync(db.Products, db, act),
        _ => ReadAsync(db.Tags, db, act),
    };

    private static async Task<object?> ReadAsync<T>(DbSet<T> set, MarketContext db, Step.Act act)
        where T : class
    {
        var one = set.Where(entity => EF.Property<int>(entity, "Id") == act.Id);
        var number = Number(act.Target);
        switch (act.Verb)
        {
            case Verb.FirstNoTracking:
                return await one.AsNoTracking().FirstOrDefaultAsync();
            case Verb.FirstIdentityResolution:
                // EF cannot do this where there are collections in JSON.
                return await db.Tags.AsNoTrackingWithIdentityResolution().FirstOrDefaultAsync(tag => tag.Id == act.Id);
            case Verb.IncludeNoTracking:
                return await one.Include(Paths.Of(act)).AsNoTracking().FirstOrDefaultAsync();
            case Verb.ListNoTracking:
                return Describe.Join(await set.AsNoTracking().ToListAsync(), entity => Describe.Entity(entity));
            case Verb.Scalar:
                return Describe.Value(await one.Select(entity => EF.Property<int>(entity, number)).FirstOrDefaultAsync());
            case Verb.Dto:
                return $"{await db.Customers.Where(customer => customer.Id == act.Id).Select(customer => new { customer.Name, customer.Credit, customer.Address!.City, Orders = customer.Orders.Count, Sum = customer.Orders.Sum(order => order.Amount) }).FirstOrDefaultAsync()}";
            case Verb.OwnedNoTracking:
                return Describe.Key(await db.Customers.AsNoTracking().Where(customer => customer.Id == act.Id).Select(customer => customer.Address).FirstOrDefaultAsync());
            case Verb.Count:
                return Describe.Value(await set.CountAsync());
            case Verb.Sum:
                return Describe.Value(await set.SumAsync(entity => EF.Property<int>(entity, number)));
            case Verb.GroupCount:
                return Describe.Join(await db.Orders.GroupBy(order => order.CustomerId).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(), row => $"{row}");
            default:
                return Describe.Value(await db.Database.SqlQueryRaw<int>("SELECT SUM(Amount) AS Value FROM Orders").FirstOrDefaultAsync());
        }
    }

    private static string Number(Target target) => target switch
    {
        Target.Customer => nameof(Customer.Credit),
        Target.Order => nameof(Order.Amount),
        Target.Product => nameof(Product.Price),
        _ => nameof(Tag.Weight),
    };
}
