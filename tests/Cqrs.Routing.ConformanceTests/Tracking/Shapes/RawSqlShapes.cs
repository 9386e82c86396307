using Cqrs.Routing.ConformanceTests.Tracking.Model;
using static Cqrs.Routing.ConformanceTests.Tracking.Shapes.ReadShape;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>SQL that the application writes.</summary>
internal static class RawSqlShapes
{
    private const string Replicated = DatabasePair.Replicated;

    public static readonly IReadOnlyList<ReadShape> All =
    [
        Tracked("FromSql of an entity", async db => (await db.Orders.FromSql($"SELECT * FROM \"Orders\" WHERE \"Id\" = {1}").SingleAsync()).Name),
        Tracked("FromSql with an Include", async db => Told.By((await db.Orders.FromSqlRaw(Orders).Include(order => order.Lines).SingleAsync()).Lines.Select(line => line.Product))),
        Tracked("a function that returns a table", async db => Told.By((await db.LinesOf(1).ToListAsync()).Select(line => line.Product))) with { SkipReason = NoFunctions },

        Untracked("FromSql without tracking", async db => (await db.Orders.FromSqlRaw(Orders).AsNoTracking().SingleAsync()).Name),
        Untracked("FromSql with a scalar", async db => await db.Orders.FromSqlRaw(Orders).Select(order => order.Name).SingleAsync()),
        Untracked("FromSql with a count", async db => Told.ByMatch(await db.Orders.FromSqlRaw(Orders).CountAsync(order => order.Name == Replicated) == 1)),
        Untracked("FromSql of a keyless type", async db => (await db.Titles.FromSqlRaw(Orders).SingleAsync()).Name),
        Untracked("SqlQuery of a number", async db => Told.ByMatch(await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM \"Orders\" WHERE \"Name\" = {Replicated}").SingleAsync() == 1)),
        Untracked("SqlQuery of a text", async db => await db.Database.SqlQueryRaw<string>("SELECT \"Name\" AS \"Value\" FROM \"Orders\"").SingleAsync()),
        Untracked("SqlQuery of a type that is not mapped", async db => (await db.Database.SqlQueryRaw<OrderLabel>("SELECT \"Id\", \"Name\" FROM \"Orders\"").SingleAsync()).Name),
        Untracked("SqlQuery composed", async db => await db.Database.SqlQueryRaw<OrderLabel>("SELECT \"Id\", \"Name\" FROM \"Orders\"").Where(label => label.Id == 1).Select(label => label.Name).SingleAsync()),
        Untracked("a function without tracking", async db => Told.By((await db.LinesOf(1).AsNoTracking().ToListAsync()).Select(line => line.Product))) with { SkipReason = NoFunctions },
    ];

    private const string Orders = "SELECT * FROM \"Orders\"";

    private static string? NoFunctions(TrackingContext db) => db.Database.IsSqlite() ? "SQLite has no functions that return tables." : null;
}
