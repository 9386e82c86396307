using Cqrs.Routing.ConformanceTests.Failures;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Fault A13: a handler that changed the change tracker does not run again when its replica fails among rows.</summary>
public sealed class HandlerRerunTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private int _handled;

    [Fact]
    [Trait("Fault", "A13")]
    public async Task A_handler_does_not_run_again_after_it_added_an_entity() => await FailsOnceAsync(
        body: (handling, _) => handling.Db.Add(new Tag { Label = "added once" }),
        check: async (db, _) =>
        {
            db.ChangeTracker.Entries<Tag>().Count().ShouldBe(1);
            (await db.SaveChangesAsync()).ShouldBe(1);
        });

    [Fact]
    [Trait("Fault", "A13")]
    public async Task A_handler_does_not_run_again_after_it_attached_an_entity() => await FailsOnceAsync(
        body: (handling, _) => handling.Db.Attach(new Tag { Id = 7, Label = "attached once" }),
        check: (db, _) =>
        {
            db.ChangeTracker.Entries<Tag>().Single().State.ShouldBe(EntityState.Unchanged);
            return Task.CompletedTask;
        });

    [Fact]
    [Trait("Fault", "A13")]
    public async Task A_handler_does_not_run_again_after_it_changed_an_entity_that_was_tracked_before() => await FailsOnceAsync(
        body: (_, line) => line.Quantity++,
        check: (_, line) =>
        {
            line.Quantity.ShouldBe(2);
            return Task.CompletedTask;
        });

    [Fact]
    [Trait("Fault", "A13")]
    public async Task A_collection_of_what_was_tracked_before_is_filled_once()
    {
        await using var app = StartOn(Standby);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.SingleAsync()));
            app.Log.Clear();
            var count = await scope.Sender.Send(new Read(async handling =>
            {
                var order = await handling.Db.Orders.Include(order => order.Lines).SingleAsync();
                await ReadManyRowsAsync(app, handling.Db);
                return order.Lines.Count;
            }));
            count.ShouldBe(2);
        });
    }

    [Fact]
    [Trait("Fault", "A13")]
    public async Task A_handler_that_tracked_nothing_runs_again()
    {
        await using var app = StartOn(Standby);

        var name = await app.SendAsync(new Read(async handling =>
        {
            var read = await NameAsync(handling.Db);
            await ReadManyRowsAsync(app, handling.Db);
            return read;
        }));

        name.ShouldBe(DatabasePair.Current);
        _handled.ShouldBe(2);
    }

    private async Task FailsOnceAsync(Action<Handling, Line> body, Func<ShopContext, Line, Task> check)
    {
        await using var app = StartOn(Standby);

        await app.InScopeAsync(async scope =>
        {
            var line = (Line)(await scope.Sender.Send(new Write(async handling => await handling.Db.Lines.SingleAsync(line => line.Id == 1))))!;
            // A session waits for the replica after a command.
            await Pair.ReplicateAsync();
            app.Log.Clear();
            await Should.ThrowAsync<NpgsqlException>(() => scope.Sender.Send(new Read(async handling =>
            {
                body(handling, line);
                await ReadManyRowsAsync(app, handling.Db);
            })));
            _handled.ShouldBe(1);
            await check(scope.Db, line);
        });
    }

    // Breaks only the first time, and only if it is the replica that sends the rows.
    private async Task ReadManyRowsAsync(RoutedApp app, ShopContext db)
    {
        _handled++;
        var broken = _handled > 1;
        await foreach (var row in db.Database.SqlQueryRaw<string>(ManyRows).AsAsyncEnumerable())
        {
            if (!broken && app.Log.OnReplica.Count > 0)
                await BreakSocketsAsync();
            broken = true;
        }
    }
}
