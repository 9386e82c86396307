using Cqrs.Routing.DifferentialTests.Model;
using Cqrs.Routing.DifferentialTests.Programs;

namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Reads that track what they return.</summary>
public static class TrackedReads
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
        var amount = act.Amount;
        switch (act.Verb)
        {
            case Verb.Find:
                return await set.FindAsync(act.Id);
            case Verb.First:
                return amount % 2 == 0 ? await one.FirstOrDefaultAsync() : one.FirstOrDefault();
            case Verb.FirstOfCompiledQuery:
                return await CompiledQueries.FirstAsync(db, act);
            case Verb.FirstOfSql:
                return await set.FromSqlRaw(Paths.SqlOf(act)).Where(entity => EF.Property<int>(entity, "Id") == act.Id).FirstOrDefaultAsync();
            case Verb.FirstInResult:
                return (await one.AsTracking().Select(entity => new { Entity = entity, Id = EF.Property<int>(entity, "Id") }).FirstOrDefaultAsync())?.Entity;
            case Verb.FirstThroughMethod:
                return await one.Select(entity => Same(entity)).FirstOrDefaultAsync();
            case Verb.FirstOfGroup:
                return (await set.GroupBy(entity => EF.Property<int>(entity, "Id") % 2).ToListAsync()).FirstOrDefault()?.FirstOrDefault();
            case Verb.Include:
                return await one.Include(Paths.Of(act)).FirstOrDefaultAsync();
            case Verb.IncludeTwoLevels:
                return await one.Include(Paths.OfTwoLevels(act)).FirstOrDefaultAsync();
            case Verb.IncludeTags:
                return await db.Customers.Include(customer => customer.Tags).FirstOrDefaultAsync(customer => customer.Id == act.Id);
            case Verb.IncludeFiltered:
                return await db.Customers.Include(customer => customer.Orders.Where(order => order.Amount > amount).OrderByDescending(order => order.Amount)).FirstOrDefaultAsync(customer => customer.Id == act.Id);
            case Verb.IncludeSplit:
                return await one.Include(Paths.Of(act)).AsSplitQuery().OrderBy(entity => EF.Property<int>(entity, "Id")).FirstOrDefaultAsync();
            case Verb.FindWhileReading:
                return await FindWhileReadingAsync(set, act.Id);
            default:
                return (await set.ToListAsync()).FirstOrDefault();
        }
    }

    private static async Task<object?> FindWhileReadingAsync<T>(DbSet<T> set, int id)
        where T : class
    {
        // What the rows say is not looked at: they may be a replica's.
        await using var rows = set.Select(entity => EF.Property<int>(entity, "Id")).AsAsyncEnumerable().GetAsyncEnumerator();
        await rows.MoveNextAsync();
        return await set.FindAsync(id);
    }

    private static T Same<T>(T entity) => entity;
}
