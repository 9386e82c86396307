using System.Collections.Concurrent;
using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary><c>EF.CompileAsyncQuery</c>. Such a query belongs to one model, and each wiring has its own.</summary>
public static class CompiledQueries
{
    private static readonly ConcurrentDictionary<(object Model, Target Target), Func<MarketContext, int, Task<object?>>> Known = new();

    public static Task<object?> FirstAsync(MarketContext db, Step.Act act) => Known.GetOrAdd((db.Model, act.Target), static key => Compile(key.Target))(db, act.Id);

    private static Func<MarketContext, int, Task<object?>> Compile(Target target)
    {
        switch (target)
        {
            case Target.Customer:
                var customers = EF.CompileAsyncQuery((MarketContext db, int id) => db.Customers.FirstOrDefault(customer => customer.Id == id));
                return async (db, id) => await customers(db, id);
            case Target.Order:
                var orders = EF.CompileAsyncQuery((MarketContext db, int id) => db.Orders.FirstOrDefault(order => order.Id == id));
                return async (db, id) => await orders(db, id);
            case Target.Product:
                var products = EF.CompileAsyncQuery((MarketContext db, int id) => db.Products.FirstOrDefault(product => product.Id == id));
                return async (db, id) => await products(db, id);
            default:
                var tags = EF.CompileAsyncQuery((MarketContext db, int id) => db.Tags.FirstOrDefault(tag => tag.Id == id));
                return async (db, id) => await tags(db, id);
        }
    }
}
