using Cqrs.Routing.ConformanceTests.Tracking.Model;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using static Cqrs.Routing.ConformanceTests.Tracking.Shapes.ReadShape;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>What is read by key, around an entity, or by a compiled query. The entity was not read itself: each of these is the only statement.</summary>
internal static class LoadingShapes
{
    private const string Replicated = DatabasePair.Replicated;

    public static readonly IReadOnlyList<ReadShape> All =
    [
        Tracked("Find", db => Task.FromResult(db.Orders.Find(1)!.Name)),
        Tracked("FindAsync", async db => (await db.Orders.FindAsync(1))!.Name),
        Tracked("FindAsync of a type", async db => (await db.FindAsync<Driver>(1))!.Name),
        // The note is on the replica only.
        Tracked("FindAsync that finds nothing", async db => Told.ByMatch(await db.Notes.FindAsync(1) is not null)),
        Tracked("Collection.Load", async db =>
        {
            var order = AttachOrder(db);
            await order.Collection(order => order.Lines).LoadAsync();
            return Told.By(order.Entity.Lines.Select(line => line.Product));
        }),
        Tracked("Collection.Load, synchronously", db =>
        {
            var order = AttachOrder(db);
            order.Collection(order => order.Lines).Load();
            return Task.FromResult(Told.By(order.Entity.Lines.Select(line => line.Product)));
        }),
        Tracked("Collection.Load without a join entity", async db =>
        {
            var order = AttachOrder(db);
            await order.Collection(order => order.Tags).LoadAsync();
            return order.Entity.Tags.Single().Label;
        }),
        Tracked("Collection.Load that resolves identities", async db =>
        {
            var order = AttachOrder(db);
            await order.Collection(order => order.Lines).LoadAsync(LoadOptions.ForceIdentityResolution);
            return Told.By(order.Entity.Lines.Select(line => line.Product));
        }),
        Tracked("Reference.Load", async db =>
        {
            var order = AttachOrder(db);
            await order.Reference(order => order.Customer).LoadAsync();
            return order.Entity.Customer!.Email;
        }),
        Tracked("Collection.Query", async db => Told.By((await AttachOrder(db).Collection(order => order.Lines).Query().ToListAsync()).Select(line => line.Product))),
        Tracked("Reload", async db =>
        {
            var order = AttachOrder(db);
            await order.ReloadAsync();
            return order.Entity.Name;
        }),
        Tracked("Reload, synchronously", db =>
        {
            var order = AttachOrder(db);
            order.Reload();
            return Task.FromResult(order.Entity.Name);
        }),
        Tracked("GetDatabaseValues", async db => (await AttachOrder(db).GetDatabaseValuesAsync())!.GetValue<string>(nameof(Order.Name))),
        Tracked("GetDatabaseValues of what is not tracked", async db => (await db.Entry(new Order { Id = 1, Name = "stub" }).GetDatabaseValuesAsync())!.GetValue<string>(nameof(Order.Name))),
        Tracked("lazy loading of a collection", db => Task.FromResult(Told.By(AttachProxy(db).Lines.Select(line => line.Product)))) with { Configure = Proxies },
        Tracked("lazy loading of a reference", db => Task.FromResult(AttachProxy(db).Customer!.Email)) with { Configure = Proxies },
        Tracked("a compiled query", db => Task.FromResult(EF.CompileQuery((TrackingContext db, int id) => db.Orders.Single(order => order.Id == id))(db, 1).Name)),
        Tracked("an asynchronous compiled query", async db => (await EF.CompileAsyncQuery((TrackingContext db) => db.Orders.Single())(db)).Name),
        Tracked("a compiled query of many", async db => (await EF.CompileAsyncQuery((TrackingContext db) => db.Orders.Include(order => order.Lines))(db).SingleAsync()).Name),

        Untracked("Collection.Query with a count", async db => Told.ByMatch(await AttachOrder(db).Collection(order => order.Lines).Query().CountAsync(line => line.Product == Replicated) == 2)),
        Untracked("Collection.Query without tracking", async db => Told.By((await AttachOrder(db).Collection(order => order.Lines).Query().AsNoTracking().ToListAsync()).Select(line => line.Product))),
        Untracked("Reference.Query with a scalar", async db => await AttachOrder(db).Reference(order => order.Customer).Query().Select(customer => customer.Email).SingleAsync()),
        Untracked("lazy loading of what is not tracked", async db => Told.By((await db.Orders.AsNoTracking().SingleAsync()).Lines.Select(line => line.Product))) with { Configure = Proxies, Commands = 2 },
        Untracked("a compiled query of a scalar", db => Task.FromResult(EF.CompileQuery((TrackingContext db) => db.Orders.Select(order => order.Name).Single())(db))),
        Untracked("an asynchronous compiled query without tracking", async db => (await EF.CompileAsyncQuery((TrackingContext db) => db.Orders.AsNoTracking().Single())(db)).Name),
        Untracked("a compiled query of many without tracking", db => Task.FromResult(EF.CompileQuery((TrackingContext db) => db.Orders.AsNoTracking())(db).Single().Name)),
    ];

    private static void Proxies(DbContextOptionsBuilder builder) => builder.UseLazyLoadingProxies(proxies => proxies.IgnoreNonVirtualNavigations());

    private static EntityEntry<Order> AttachOrder(TrackingContext db) => db.Attach(new Order { Id = 1, Name = "stub", CustomerId = 1, ShipTo = new() { City = "stub" } });

    private static Order AttachProxy(TrackingContext db) => db.Attach(db.CreateProxy<Order>(order => (order.Id, order.Name, order.CustomerId) = (1, "stub", 1))).Entity;
}
