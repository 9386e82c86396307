using Cqrs.Routing.ConformanceTests.Tracking.Model;
using static Cqrs.Routing.ConformanceTests.Tracking.Shapes.ReadShape;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>What the model makes of a type.</summary>
internal static class MappingShapes
{
    private const string Replicated = DatabasePair.Replicated;

    public static readonly IReadOnlyList<ReadShape> All =
    [
        Tracked("one table for the hierarchy", async db => (await db.Payments.SingleAsync()).Name),
        Tracked("one table for the hierarchy, a derived type", async db => (await db.Set<CardPayment>().SingleAsync()).Name),
        Tracked("one table for the hierarchy, OfType", async db => (await db.Payments.OfType<CardPayment>().SingleAsync()).Name),
        Tracked("a table per type", async db => (await db.Places.SingleAsync()).Name),
        Tracked("a table per type, OfType", async db => (await db.Places.OfType<Warehouse>().SingleAsync()).Name),
        Tracked("a table per concrete type", async db => (await db.Documents.SingleAsync()).Name),
        Tracked("a table per concrete type, OfType", async db => (await db.Documents.OfType<Invoice>().SingleAsync()).Name),
        Tracked("an owner with nested JSON", async db => (await db.Shipments.SingleAsync()).Parcels.Single().Code),
        Tracked("an owner with a table of owned entities", async db => Told.By((await db.Trucks.SingleAsync()).Stops.Select(stop => stop.City))),
        Tracked("an owner with a complex value", async db => (await db.Drivers.IgnoreAutoIncludes().SingleAsync()).Badge.Color),
        Tracked("a shared-type join entity", async db => Told.ByMatch((await db.Set<Dictionary<string, object>>("OrderTag").Where(join => db.Tags.Any(tag => tag.Label == Replicated)).ToListAsync()).Count == 1)),

        Untracked("an untracked hierarchy in one table", async db => (await db.Payments.AsNoTracking().SingleAsync()).Name),
        Untracked("an untracked hierarchy in a table per type", async db => (await db.Places.AsNoTracking().SingleAsync()).Name),
        Untracked("an untracked hierarchy in a table per concrete type", async db => (await db.Documents.AsNoTracking().SingleAsync()).Name),
        Untracked("a scalar of a derived type", async db => await db.Places.Where(place => place is Warehouse).Select(place => place.Name).SingleAsync()),
        Untracked("an untracked owned entity", async db => (await db.Orders.AsNoTracking().Select(order => order.ShipTo).SingleAsync())!.City),
        Untracked("untracked owned entities of a table", async db => Told.By((await db.Trucks.AsNoTracking().SelectMany(truck => truck.Stops).ToListAsync()).Select(stop => stop.City))),
        Untracked("untracked owned entities in JSON", async db => (await db.Shipments.AsNoTracking().Select(shipment => shipment.Parcels).SingleAsync()).Single().Code),
        Untracked("an untracked owner with nested JSON", async db => (await db.Shipments.AsNoTracking().SingleAsync()).Parcels.Single().Code),
        Untracked("a scalar in JSON", async db => await db.Shipments.AsNoTracking().Select(shipment => shipment.Parcels[0].Code).SingleAsync()),
        Untracked("a complex value", async db => (await db.Drivers.Select(driver => driver.Badge).SingleAsync()).Color),
        Untracked("a complex value in an anonymous type", async db => (await db.Drivers.Select(driver => new { driver.Id, driver.Badge }).SingleAsync()).Badge.Color),
        Untracked("a scalar of a complex value", async db => await db.Drivers.Select(driver => driver.Badge.Color).SingleAsync()),
        Untracked("a shadow property", async db => Told.ByMatch(await db.Drivers.Where(driver => driver.Name == Replicated).Select(driver => EF.Property<int>(driver, TrackingContext.Revision)).SingleOrDefaultAsync() == 7)),
        Untracked("a keyless type", async db => (await db.Titles.SingleAsync()).Name),
        Untracked("a keyless type in spite of AsTracking", async db => (await db.Titles.AsTracking().SingleAsync()).Name),
        Untracked("a keyless type with a scalar beside it", async db => (await db.Titles.Select(title => new { Title = title, Length = title.Name.Length }).SingleAsync()).Title.Name),
        Tracked("a keyless type joined with an entity", async db => (await db.Titles.Join(db.Orders, title => title.Name, order => order.Name, (title, order) => new { title, order }).SingleAsync()).order.Name),
        Untracked("history", async db => (await db.Set<Price>().TemporalAll().OrderBy(price => price.Id).FirstAsync()).Name) with { SkipReason = db => db.Database.IsSqlServer() ? null : "Only SQL Server has temporal tables." },
    ];
}
