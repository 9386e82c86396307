using static Cqrs.Routing.ConformanceTests.Tracking.Shapes.ReadShape;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>What a query does with its sources.</summary>
internal static class OperatorShapes
{
    private const string Replicated = DatabasePair.Replicated;

    public static readonly IReadOnlyList<ReadShape> All =
    [
        Tracked("groups with entities", async db => Told.By((await db.Lines.GroupBy(line => line.OrderId).Select(group => new { group.Key, Lines = group.ToList() }).SingleAsync()).Lines.Select(line => line.Product))),
        Tracked("the first entity of each group", async db => (await db.Lines.GroupBy(line => line.OrderId).Select(group => group.OrderBy(line => line.Id).First()).SingleAsync()).Product),
        Tracked("a final GroupBy", async db => Told.By((await db.Lines.GroupBy(line => line.OrderId).ToListAsync()).Single().Select(line => line.Product))),
        Tracked("a join of entities", async db => (await db.Orders.Join(db.Customers, order => order.CustomerId, customer => customer.Id, (order, customer) => new { order, customer }).SingleAsync()).customer.Email),
        Tracked("a join that returns one side", async db => (await db.Orders.Join(db.Customers, order => order.CustomerId, customer => customer.Id, (order, customer) => customer).SingleAsync()).Email),
        Tracked("a left join", async db => (await db.Orders.LeftJoin(db.Notes, order => order.Id, note => note.ParentId, (order, note) => new { order, note }).SingleAsync()).order.Name),
        Tracked("a right join", async db => (await db.Notes.RightJoin(db.Orders, note => note.ParentId, order => order.Id, (note, order) => new { order, note }).SingleAsync()).order.Name),
        Tracked("a group join", async db => Told.By((await db.Orders.GroupJoin(db.Lines, order => order.Id, line => line.OrderId, (order, lines) => new { order.Id, Lines = lines.ToList() }).SingleAsync()).Lines.Select(line => line.Product))),
        Tracked("SelectMany", async db => Told.By((await db.Orders.SelectMany(order => order.Lines).ToListAsync()).Select(line => line.Product))),
        Tracked("Union", async db => (await db.Customers.Union(db.Customers).SingleAsync()).Email),
        Tracked("Concat", async db => Told.By((await db.Customers.Concat(db.Customers).ToListAsync()).Select(customer => customer.Email))),
        Tracked("Except", async db => (await db.Customers.Except(db.Customers.Where(customer => customer.Id == 2)).SingleAsync()).Email),
        Tracked("Intersect", async db => (await db.Customers.Intersect(db.Customers.Where(customer => customer.Id == 1)).SingleAsync()).Email),
        Tracked("Distinct", async db => (await db.Lines.Where(line => line.Id == 1).Distinct().SingleAsync()).Product),
        Tracked("DefaultIfEmpty", async db => (await db.Customers.DefaultIfEmpty().SingleAsync())!.Email),
        Tracked("Reverse", async db => (await db.Lines.OrderBy(line => line.Id).Reverse().FirstAsync()).Product),

        Untracked("groups with a count", async db => (await db.Lines.GroupBy(line => line.Product).Select(group => new { group.Key, Count = group.Count() }).SingleAsync()).Key),
        Untracked("groups with scalars", async db => Told.By((await db.Lines.GroupBy(line => line.OrderId).Select(group => new { group.Key, Products = group.Select(line => line.Product).ToList() }).SingleAsync()).Products)),
        Untracked("an untracked final GroupBy", async db => Told.By((await db.Lines.AsNoTracking().GroupBy(line => line.OrderId).ToListAsync()).Single().Select(line => line.Product))),
        Untracked("a final GroupBy of scalars", async db => (await db.Lines.GroupBy(line => line.OrderId, line => line.Product).ToListAsync()).Single().First()),
        Untracked("a join that returns scalars", async db => (await db.Orders.Join(db.Customers, order => order.CustomerId, customer => customer.Id, (order, customer) => new { order.Name, customer.Email }).SingleAsync()).Email),
        Untracked("a left join that returns scalars", async db => (await db.Orders.LeftJoin(db.Notes, order => order.Id, note => note.ParentId, (order, note) => new { order.Name, note!.Text }).SingleAsync()).Name),
        Untracked("SelectMany of scalars", async db => Told.By(await db.Orders.SelectMany(order => order.Lines.Select(line => line.Product)).ToListAsync())),
        Untracked("Union of scalars", async db => await db.Customers.Select(customer => customer.Email).Union(db.Orders.Select(order => order.Name)).SingleAsync()),
        Untracked("Concat of scalars", async db => Told.By(await db.Customers.Select(customer => customer.Email).Concat(db.Orders.Select(order => order.Name)).ToListAsync())),
        Untracked("Except of scalars", async db => await db.Customers.Select(customer => customer.Email).Except(db.Notes.Select(note => note.ParentType)).SingleAsync()),
        Untracked("Intersect of scalars", async db => await db.Customers.Select(customer => customer.Email).Intersect(db.Orders.Select(order => order.Name)).SingleAsync()),
        Untracked("an untracked Union", async db => (await db.Customers.AsNoTracking().Union(db.Customers.AsNoTracking()).SingleAsync()).Email),
        Untracked("Distinct of scalars", async db => await db.Lines.Select(line => line.Product).Distinct().SingleAsync()),
        Untracked("Count", async db => Told.ByMatch(await db.Orders.CountAsync(order => order.Name == Replicated) == 1)),
        Untracked("LongCount", async db => Told.ByMatch(await db.Orders.LongCountAsync(order => order.Name == Replicated) == 1)),
        Untracked("Count, synchronously", db => Task.FromResult(Told.ByMatch(db.Orders.Count(order => order.Name == Replicated) == 1))),
        Untracked("Any", async db => Told.ByMatch(await db.Orders.AnyAsync(order => order.Name == Replicated))),
        Untracked("All", async db => Told.ByMatch(await db.Orders.AllAsync(order => order.Name == Replicated))),
        Untracked("Contains of a scalar", async db => Told.ByMatch(await db.Orders.Select(order => order.Name).ContainsAsync(Replicated))),
        Untracked("Contains of an entity", async db => Told.ByMatch(await db.Orders.Where(order => order.Name == Replicated).ContainsAsync(new() { Id = 1, Name = "any" }))),
        Untracked("Sum", async db => Told.ByLength(await db.Orders.SumAsync(order => order.Name.Length))),
        Untracked("Max", async db => Told.ByLength(await db.Orders.MaxAsync(order => order.Name.Length))),
        Untracked("Min", async db => (await db.Orders.MinAsync(order => order.Name))!),
        Untracked("Average", async db => Told.ByLength(await db.Orders.AverageAsync(order => order.Name.Length))),
    ];
}
