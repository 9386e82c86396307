using static Cqrs.Routing.ConformanceTests.Tracking.Shapes.ReadShape;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>Entities, with what is included in them, and the ways to execute.</summary>
internal static class EntityShapes
{
    private const string Replicated = DatabasePair.Replicated;

    public static readonly IReadOnlyList<ReadShape> All =
    [
        Tracked("entities", async db => (await db.Orders.ToListAsync()).Single().Name),
        Tracked("First", async db => (await db.Orders.FirstAsync()).Name),
        Tracked("FirstOrDefault", async db => (await db.Orders.FirstOrDefaultAsync(order => order.Id == 1))!.Name),
        Tracked("Single", async db => (await db.Orders.SingleAsync()).Name),
        Tracked("SingleOrDefault", async db => (await db.Orders.SingleOrDefaultAsync())!.Name),
        Tracked("Last", async db => (await db.Orders.OrderBy(order => order.Id).LastAsync()).Name),
        Tracked("ElementAt", async db => (await db.Orders.OrderBy(order => order.Id).ElementAtAsync(0)).Name),
        Tracked("a page", async db => (await db.Lines.OrderBy(line => line.Id).Skip(1).Take(1).ToListAsync()).Single().Product),
        Tracked("entities that are not there", async db => Told.ByMatch((await db.Orders.Where(order => order.Name == Replicated).ToListAsync()).Count == 1)),
        Tracked("First or none", async db => Told.ByMatch(await db.Orders.FirstOrDefaultAsync(order => order.Name == Replicated) is not null)),
        Tracked("a dictionary of entities", async db => (await db.Orders.ToDictionaryAsync(order => order.Id))[1].Name),
        Tracked("an array of entities", async db => (await db.Orders.ToArrayAsync()).Single().Name),
        Tracked("AsAsyncEnumerable", async db => (await db.Orders.AsAsyncEnumerable().SingleAsync()).Name),
        Tracked("AsEnumerable, synchronously", db => Task.FromResult(db.Orders.AsEnumerable().Single().Name)),
        Tracked("ToList, synchronously", db => Task.FromResult(db.Orders.ToList().Single().Name)),
        Tracked("Load", async db =>
        {
            await db.Orders.LoadAsync();
            return db.Orders.Local.Single().Name;
        }),
        Tracked("a tagged query without filters", async db => (await db.Orders.TagWith("read").IgnoreQueryFilters().SingleAsync()).Name),
        Tracked("AsTracking over a context that does not track", async db => (await db.Orders.AsTracking().SingleAsync()).Name) with { Configure = DoNotTrack },
        Tracked("AsNoTracking and then AsTracking", async db => (await db.Orders.AsNoTracking().AsTracking().SingleAsync()).Name),
        Tracked("a context that was told to track", async db =>
        {
            db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.TrackAll;
            return (await db.Orders.SingleAsync()).Name;
        }) with { Configure = DoNotTrack },
        Tracked("Include of a collection", async db => Told.By((await db.Orders.Include(order => order.Lines).SingleAsync()).Lines.Select(line => line.Product))),
        Tracked("Include of a reference", async db => (await db.Orders.Include(order => order.Customer).SingleAsync()).Customer!.Email),
        Tracked("Include without a join entity", async db => (await db.Orders.Include(order => order.Tags).SingleAsync()).Tags.Single().Label),
        Tracked("ThenInclude", async db => (await db.Orders.Include(order => order.Tags).ThenInclude(tag => tag.Orders).ThenInclude(order => order.Customer).SingleAsync()).Customer!.Email),
        Tracked("a filtered Include", async db => (await db.Orders.Include(order => order.Lines.Where(line => line.Id == 2)).SingleAsync()).Lines.Single().Product),
        Tracked("an automatic Include", async db => (await db.Drivers.SingleAsync()).Truck!.Name),
        Tracked("a split query", async db => Told.By((await db.Orders.AsSplitQuery().Include(order => order.Lines).Include(order => order.Tags).SingleAsync()).Lines.Select(line => line.Product))) with { Commands = 3 },

        Untracked("AsNoTracking", async db => (await db.Orders.AsNoTracking().SingleAsync()).Name),
        Untracked("AsNoTrackingWithIdentityResolution", async db => (await db.Orders.AsNoTrackingWithIdentityResolution().SingleAsync()).Name),
        Untracked("AsTracking and then AsNoTracking", async db => (await db.Orders.AsTracking().AsNoTracking().SingleAsync()).Name),
        Untracked("entities of a context that does not track", async db => (await db.Orders.SingleAsync()).Name) with { Configure = DoNotTrack },
        Untracked("entities of a context that was told not to track", async db =>
        {
            db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTrackingWithIdentityResolution;
            return (await db.Orders.SingleAsync()).Name;
        }),
        Untracked("an untracked Include", async db => Told.By((await db.Orders.AsNoTracking().Include(order => order.Lines).SingleAsync()).Lines.Select(line => line.Product))),
        Untracked("an untracked ThenInclude", async db => (await db.Tags.AsNoTracking().Include(tag => tag.Orders).ThenInclude(order => order.Customer).SingleAsync()).Orders.Single().Customer!.Email),
        Untracked("an untracked automatic Include", async db => (await db.Drivers.AsNoTracking().SingleAsync()).Truck!.Name),
        Untracked("an untracked split query", async db => Told.By((await db.Orders.AsNoTracking().AsSplitQuery().Include(order => order.Lines).SingleAsync()).Lines.Select(line => line.Product))) with { Commands = 2 },
        Untracked("an untracked stream", async db => (await db.Orders.AsNoTracking().AsAsyncEnumerable().SingleAsync()).Name),
        Untracked("untracked, synchronously", db => Task.FromResult(db.Orders.AsNoTracking().AsEnumerable().Single().Name)),
    ];

    private static void DoNotTrack(DbContextOptionsBuilder builder) => builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
}
