using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>What a program writes. Each answers with the number of rows.</summary>
public static class Writes
{
    public static async Task<int> DoAsync(MarketContext db, Step.Act act) => act.Verb switch
    {
        Verb.Save => db.SaveChanges(),
        Verb.SaveAsync => await db.SaveChangesAsync(),
        Verb.ExecuteUpdate => act.Target switch
        {
            Target.Customer => await db.Customers.Where(customer => customer.Id == act.Id).ExecuteUpdateAsync(set => set.SetProperty(customer => customer.Credit, customer => customer.Credit + act.Amount)),
            Target.Order => await db.Orders.Where(order => order.CustomerId == act.Id).ExecuteUpdateAsync(set => set.SetProperty(order => order.Amount, order => order.Amount + act.Amount).SetProperty(order => order.Version, order => order.Version + 1)),
            Target.Product => await db.Products.Where(product => product.Id == act.Id).ExecuteUpdateAsync(set => set.SetProperty(product => product.Price, act.Amount)),
            _ => await db.Tags.ExecuteUpdateAsync(set => set.SetProperty(tag => tag.Weight, tag => tag.Weight + act.Amount)),
        },
        Verb.ExecuteDelete => act.Target == Target.Tag
            ? await db.Tags.Where(tag => tag.Id == act.Id).ExecuteDeleteAsync()
            : await db.Orders.Where(order => order.Id == act.Id).ExecuteDeleteAsync(),
        _ => await db.Database.ExecuteSqlAsync($"UPDATE Customers SET Credit = Credit + {act.Amount} WHERE Id = {act.Id}"),
    };
}
