using System.Data;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>The base class of tests of refused writes: typed error, nothing sent, nothing changed, and a context that keeps working.</summary>
public abstract class WriteTest(DatabasePair pair) : ConformanceTest(pair)
{
    /// <summary>The write is refused in a query on the replica, and just as well in one that reads from the primary.</summary>
    /// <param name="app">The application.</param>
    /// <param name="write">The write.</param>
    /// <param name="tracks">Whether it reads entities to change them. Then both queries are on the primary, where what is tracked comes from.</param>
    protected Task RefusedAsync(RoutedApp app, Func<Handling, Task> write, bool tracks = false) => RefusedAsync<ShopContext>(app, write, tracks: tracks);

    /// <inheritdoc cref="RefusedAsync(RoutedApp, Func{Handling, Task}, bool)"/>
    protected async Task RefusedAsync<TContext>(RoutedApp app, Func<Handling, Task> write, bool namesContext = true, bool tracks = false)
        where TContext : DbContext
    {
        await RefusedInAsync(app, new Read(Refused<TContext>(app, write, nameof(Read), readsOn: tracks ? (1, 0) : (0, 1), namesContext)));
        await RefusedInAsync(app, new ReadFromPrimaryQuery(Refused<TContext>(app, write, nameof(ReadFromPrimaryQuery), readsOn: (1, 0), namesContext)));
    }

    protected async Task NothingWrittenAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        await using var replica = Pair.Direct(Server.Replica);
        (await ContentAsync(primary)).ShouldBe($"1 {DatabasePair.Current} 0 London | 1 tea 1, 2 milk 1 | 1 new | 1 ada@example.org | 1 first | 1");
        (await ContentAsync(replica)).ShouldBe($"1 {DatabasePair.Replicated} 0 London | 1 tea 1, 2 milk 1 | 1 new | 1 ada@example.org | 1 first | 1");
    }

    private static Func<Handling, Task> Refused<TContext>(
        RoutedApp app, Func<Handling, Task> write, string request, (int Primary, int Replica) readsOn, bool namesContext)
        where TContext : DbContext
        => async handling =>
    {
        var db = handling.Services.GetRequiredService<TContext>();
        app.Log.Clear();

        var refusal = await Should.ThrowAsync<QueryWriteException>(() => write(handling));

        app.Log.Counts.ShouldBe((0, 0));
        refusal.InnerException.ShouldBeNull("the guard refuses, not the database");
        refusal.RequestName.ShouldBe(request);
        refusal.ContextType.ShouldBe(namesContext ? typeof(TContext) : null);
        db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Closed);
        db.Database.CurrentTransaction.ShouldBeNull();
        (await db.Database.SqlQueryRaw<int>("""SELECT 1 AS "Value" """).SingleAsync()).ShouldBe(1);
        app.Log.Counts.ShouldBe(readsOn);
    };

    private static async Task<string> ContentAsync(ShopContext db)
    {
        var orders = await db.Orders.OrderBy(order => order.Id).Select(order => $"{order.Id} {order.Name} {order.Version} {order.ShipTo!.City}").ToListAsync();
        var lines = await db.Lines.OrderBy(line => line.Id).Select(line => $"{line.Id} {line.Product} {line.Quantity}").ToListAsync();
        var tags = await db.Tags.OrderBy(tag => tag.Id).Select(tag => $"{tag.Id} {tag.Label}").ToListAsync();
        var customers = await db.Customers.OrderBy(customer => customer.Id).Select(customer => $"{customer.Id} {customer.Email}").ToListAsync();
        var notes = await db.Notes.OrderBy(note => note.Id).Select(note => $"{note.Id} {note.Text}").ToListAsync();
        var joined = await db.Orders.SelectMany(order => order.Tags).CountAsync();
        return string.Join(" | ", List(orders), List(lines), List(tags), List(customers), List(notes), joined);
    }

    private static string List(IEnumerable<string> rows) => string.Join(", ", rows);

    private async Task RefusedInAsync(RoutedApp app, IRequest<object?> query)
    {
        await app.SendAsync(query);
        await NothingWrittenAsync();
    }
}
