using static Cqrs.Routing.ConformanceTests.Tracking.Shapes.ReadShape;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>What a query selects.</summary>
internal static class ProjectionShapes
{
    public static readonly IReadOnlyList<ReadShape> All =
    [
        Tracked("Select of the entity itself", async db => (await db.Orders.Select(order => order).Where(order => order.Id == 1).SingleAsync()).Name),
        Tracked("an anonymous type with an entity", async db => (await db.Orders.Select(order => new { order.Id, Order = order }).SingleAsync()).Order.Name),
        Tracked("an anonymous type with an entity deep inside", async db => (await db.Orders.Select(order => new { order.Id, Inner = new { Deeper = new { order.Customer } } }).SingleAsync()).Inner.Deeper.Customer!.Email),
        Tracked("an anonymous type with entities in a list", async db => Told.By((await db.Orders.Select(order => new { order.Id, Lines = order.Lines.Where(line => line.Id > 0).ToList() }).SingleAsync()).Lines.Select(line => line.Product))),
        Tracked("a DTO with entities in a list", async db => Told.By((await db.Orders.Select(order => new Holder { Lines = order.Lines.ToList() }).SingleAsync()).Lines.Select(line => line.Product))),
        Tracked("anonymous types with entities in a list", async db => Told.By((await db.Orders.Select(order => new { Lines = order.Lines.Select(line => new { Line = line }).ToList() }).SingleAsync()).Lines.Select(line => line.Line.Product))),
        Tracked("a reference", async db => (await db.Orders.Select(order => order.Customer).SingleAsync())!.Email),
        Tracked("a collection", async db => Told.By((await db.Orders.Select(order => order.Lines).SingleAsync()).Select(line => line.Product))),
        Tracked("the first of a collection", async db => (await db.Orders.Select(order => order.Lines.OrderBy(line => line.Id).FirstOrDefault()).SingleAsync())!.Product),
        Tracked("a reference on a condition", async db => (await db.Orders.Select(order => order.Customer == null ? null : order.Customer).SingleAsync())!.Email),
        Tracked("an entity on a condition beside a scalar", async db => (await db.Orders.Select(order => new { order.Id, Customer = order.Id > 0 ? order.Customer : null }).SingleAsync()).Customer!.Email),
        Tracked("a tuple with an entity", async db => (await db.Orders.Select(order => new Tuple<int, Order>(order.Id, order)).SingleAsync()).Item2.Name),
        Tracked("a tuple that a method makes of an entity", async db => (await db.Orders.Select(order => ValueTuple.Create(order.Id, order)).SingleAsync()).Item2.Name),
        Tracked("an array with an entity", async db => (await db.Orders.Select(order => new object[] { order.Id, order }).SingleAsync()).OfType<Order>().Single().Name),
        // What GetDatabaseValues compiles to looks the same.
        Tracked("an array of scalars", async db => (await db.Orders.Select(order => new object[] { order.Id, order.Name }).SingleAsync()).OfType<string>().Single()),
        Tracked("a DTO that a method makes of an entity", async db => (await db.Orders.Select(order => OrderDto.From(order)).SingleAsync()).Name),
        Tracked("a DTO that a method makes of an entity's part", async db => (await db.Orders.Select(order => new OrderDto(EmailOf(order.Customer!))).SingleAsync()).Name),
        Tracked("an entity as an object", async db => ((Order)await db.Orders.Select(order => (object)order).SingleAsync()).Name),
        Tracked("an owner and its owned entity", async db => (await db.Orders.Select(order => new { Order = order, order.ShipTo }).SingleAsync()).ShipTo!.City),
        Tracked("an entity that was used in a subquery first", async db => (await db.Orders.Where(order => order.Lines.Any()).Select(order => new { order, Count = order.Lines.Count() }).SingleAsync()).order.Name),

        Untracked("a scalar", async db => await db.Orders.Select(order => order.Name).SingleAsync()),
        Untracked("a shadow or mapped property by name", async db => await db.Orders.Select(order => EF.Property<string>(order, "Name")).SingleAsync()),
        Untracked("an anonymous type", async db => (await db.Orders.Select(order => new { order.Id, order.Name }).SingleAsync()).Name),
        Untracked("a scalar of a reference", async db => await db.Orders.Select(order => order.Customer!.Email).SingleAsync()),
        Untracked("a scalar after an Include that is of no use", async db => await db.Orders.Include(order => order.Customer).Select(order => order.Name).SingleAsync()),
        Untracked("a scalar in spite of AsTracking", async db => await db.Orders.AsTracking().Select(order => order.Name).SingleAsync()),
        Untracked("a scalar of what was selected", async db => await db.Orders.Select(order => new { Order = order, order.Customer }).Select(both => both.Order.Name).SingleAsync()),
        Untracked("a scalar of an owned entity", async db => await db.Orders.Select(order => order.ShipTo!.City).SingleAsync()),
        Untracked("a scalar on a condition", async db => await db.Orders.Select(order => order.Customer == null ? "none" : order.Customer.Email).SingleAsync()),
        Untracked("a scalar that a method makes", async db => (await db.Orders.Select(order => new OrderDto(Same(order.Name))).SingleAsync()).Name),
        Untracked("a DTO", async db => (await db.Orders.Select(order => new OrderDto(order.Name)).SingleAsync()).Name),
        Untracked("a DTO with a list of DTOs", async db => Told.By((await db.Orders.Select(order => new { order.Name, Lines = order.Lines.Select(line => new OrderDto(line.Product)).ToList() }).SingleAsync()).Lines.Select(line => line.Name))),
        Untracked("a list of scalars", async db => Told.By(await db.Orders.Select(order => order.Lines.Select(line => line.Product).ToList()).SingleAsync())),
        Untracked("DTOs in split queries", async db => Told.By((await db.Orders.AsSplitQuery().Select(order => new { order.Name, Lines = order.Lines.Select(line => line.Product).ToList() }).SingleAsync()).Lines)) with { Commands = 2 },
        Untracked("an object of an entity's type that the query makes", async db => (await db.Orders.Select(order => new Order { Id = order.Id, Name = order.Name }).SingleAsync()).Name),
        Untracked("an entity in the predicate only", async db => await db.Lines.Where(line => db.Orders.Any(order => order.Id == line.OrderId && order == line.Order)).Select(line => line.Product).Distinct().SingleAsync()),
        Untracked("an entity in the order only", async db => await db.Lines.OrderBy(line => line.Order!.Name).ThenBy(line => line.Id).Select(line => line.Product).FirstAsync()),
        Untracked("a dictionary of scalars", async db => (await db.Orders.Select(order => new { order.Id, order.Name }).ToDictionaryAsync(order => order.Id, order => order.Name))[1]),
        Untracked("an untracked entity in an anonymous type", async db => (await db.Orders.AsNoTracking().Select(order => new { order.Id, Order = order }).SingleAsync()).Order.Name),
        Untracked("an untracked DTO that a method makes of an entity", async db => (await db.Orders.AsNoTracking().Select(order => OrderDto.From(order)).SingleAsync()).Name),
        Untracked("an untracked collection", async db => Told.By((await db.Orders.AsNoTracking().Select(order => order.Lines).SingleAsync()).Select(line => line.Product))),
    ];

    private static string EmailOf(Customer customer) => customer.Email;

    private static string Same(string name) => name;

    private sealed record OrderDto(string Name)
    {
        public static OrderDto From(Order order) => new(order.Name);
    }

    private sealed class Holder
    {
        public required IReadOnlyList<Line> Lines { get; init; }
    }
}
