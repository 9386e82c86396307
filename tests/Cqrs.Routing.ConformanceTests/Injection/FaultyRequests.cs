namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>A command that adds an order, and a query that reads orders and the tenant's notes, in one of the ways to use a connection.</summary>
internal sealed class FaultyRequests(Style style, bool async, string tenant, List<string> problems, bool leavesOpen = false)
{
    public Write Command(string name) => new(handling => InStyleAsync(handling.Db, async () =>
    {
        handling.Db.Add(new Order { Name = name });
        if (async)
            await handling.Db.SaveChangesAsync();
        else
            handling.Db.SaveChanges();
    }));

    public Read Query() => new(async handling => await InStyleAsync(handling.Db, async () =>
    {
        var orders = handling.Db.Orders.AsNoTracking().OrderBy(order => order.Id);
        _ = async ? await orders.ToListAsync() : orders.ToList();
        var all = handling.Db.Notes.AsNoTracking();
        var notes = async ? await all.ToListAsync() : all.ToList();
        if (handling.Db.Database.IsNpgsql() && (notes.Count != 1 || notes[0].Text != tenant))
            problems.Add($"{tenant} was shown {string.Join(", ", notes.Select(note => note.Text))}");
        if (!handling.Db.Database.IsNpgsql())
            return;

        var owners = handling.Db.Database.SqlQueryRaw<string>("""SELECT owner AS "Value" FROM mine""");
        var owner = async ? await owners.SingleAsync() : owners.Single();
        if (owner != tenant)
            problems.Add($"{tenant} was in the schema of {owner}");
    }));

    private async Task InStyleAsync(ShopContext db, Func<Task> act)
    {
        switch (style)
        {
            case Style.Transaction:
                await InTransactionAsync(db, act);
                break;
            case Style.ByHand:
                await ByHandAsync(db, act);
                break;
            default:
                await act();
                break;
        }

        if (leavesOpen)
            _ = async ? await db.Database.BeginTransactionAsync() : db.Database.BeginTransaction();
    }

    private async Task InTransactionAsync(ShopContext db, Func<Task> act)
    {
        await using var transaction = async ? await db.Database.BeginTransactionAsync() : db.Database.BeginTransaction();
        await act();
        if (async)
            await transaction.CommitAsync();
        else
            transaction.Commit();
    }

    private async Task ByHandAsync(ShopContext db, Func<Task> act)
    {
        if (async)
            await db.Database.OpenConnectionAsync();
        else
            db.Database.OpenConnection();
        try
        {
            await act();
        }
        finally
        {
            if (async)
                await db.Database.CloseConnectionAsync();
            else
                db.Database.CloseConnection();
        }
    }
}
