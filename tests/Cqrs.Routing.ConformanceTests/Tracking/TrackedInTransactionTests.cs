using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Faults D2, D3 and D5: a query that tracks in its transaction on the replica runs again on the primary.</summary>
public abstract class TrackedInTransactionTests(DatabasePair pair) : TrackingTest(pair)
{
    private int _handled;
    private int _innerHandled;

    [Fact]
    public async Task A_handler_that_tracks_in_a_replica_transaction_runs_again_and_later_begins_on_the_primary()
    {
        await SeedAsync();
        await using var app = StartRouted();

        (await app.SendAsync(new Read(QuantityAsync))).ShouldBe(500);
        _handled.ShouldBe(2);
        (await app.SendAsync(new Read(QuantityAsync))).ShouldBe(500);

        _handled.ShouldBe(3);
        app.Log.OnReplica.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Fault", "D2")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_in_whose_transaction_an_inner_query_tracks_later_begins_on_the_primary(bool byHand)
    {
        await SeedAsync();
        await using var app = StartRouted(services: AddInner);
        var outer = new Read(handling => byHand ? OpenAndSendAsync(handling) : BeginAndSendAsync(handling));

        for (var run = 0; run < 3; run++)
            (await app.SendAsync(outer)).ShouldBe(500);

        // Neither runs in vain: the inner one cannot do anything about the transaction.
        (_handled, _innerHandled).ShouldBe((4, 4));
    }

    [Theory]
    [Trait("Fault", "D2")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_in_whose_transaction_a_known_inner_query_tracks_later_begins_on_the_primary(bool byHand)
    {
        await SeedAsync();
        await using var app = StartRouted(services: AddInner);
        var outer = new Read(handling => byHand ? OpenAndSendAsync(handling) : BeginAndSendAsync(handling));
        (await app.SendAsync(new Inner(ReadInnerAsync))).ShouldBe(500);

        for (var run = 0; run < 3; run++)
            (await app.SendAsync(outer)).ShouldBe(500);

        (_handled, _innerHandled).ShouldBe((4, 5));
    }

    [Fact]
    [Trait("Fault", "D2")]
    public async Task An_outer_query_without_a_transaction_keeps_the_replica_although_its_inner_query_tracks()
    {
        await SeedAsync();
        await using var app = StartRouted(services: AddInner);
        var outer = new Read(async handling =>
        {
            _handled++;
            var before = await handling.Db.Lines.AsNoTracking().SingleAsync(line => line.Id == 1);
            return $"{before.Quantity}, {await handling.Sender.Send(new Inner(ReadInnerAsync))}";
        });

        for (var run = 0; run < 2; run++)
            (await app.SendAsync(outer)).ShouldBe("100, 500");

        (_handled, _innerHandled).ShouldBe((2, 2));
    }

    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_handler_runs_again_where_an_earlier_request_of_the_scope_tracked_an_entity() => await AfterAsync(
        async handling => await handling.Db.Orders.Include(order => order.Lines).SingleAsync());

    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_handler_runs_again_where_an_earlier_request_of_the_scope_saved_an_entity() => await AfterAsync(async handling =>
    {
        handling.Db.Add(new Tag { Id = 7, Label = "new" });
        await handling.Db.SaveChangesAsync();
        handling.Db.Remove(await handling.Db.Tags.SingleAsync(tag => tag.Id == 7));
        handling.Db.Add(new Tag { Id = 8, Label = "new" });
        (await handling.Db.Orders.SingleAsync()).Name = "changed";
        await handling.Db.SaveChangesAsync();
    });

    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_handler_runs_again_where_it_empties_the_tracker_first() => await AfterAsync(
        async handling => await handling.Db.Orders.SingleAsync(),
        handling => handling.Db.ChangeTracker.Clear());

    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_handler_runs_again_where_it_took_the_bare_connection_of_the_replica()
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(async handling =>
        {
            handling.Db.Database.GetDbConnection();
            return await QuantityAsync(handling);
        });

        (await app.SendAsync(read)).ShouldBe(500);
        _handled.ShouldBe(2);
    }

    // What it wrote there it would write again.
    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_handler_does_not_run_again_where_it_took_the_bare_connection_of_a_primary()
    {
        await SeedAsync();
        await using var app = StartRouted();

        await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new Read(async handling =>
        {
            using (RouteScope.ForcePrimary())
                handling.Db.Database.GetDbConnection();
            return await QuantityAsync(handling);
        })));

        _handled.ShouldBe(1);
    }

    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_handler_runs_again_where_it_uses_a_transaction_of_the_bare_connection()
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(async handling =>
        {
            _handled++;
            var connection = handling.Db.Database.GetDbConnection();
            await connection.OpenAsync();
            try
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await handling.Db.Database.UseTransactionAsync(transaction);
                try
                {
                    return (await handling.Db.Lines.SingleAsync(line => line.Id == 1)).Quantity;
                }
                finally
                {
                    await handling.Db.Database.UseTransactionAsync(null);
                }
            }
            finally
            {
                await connection.CloseAsync();
            }
        });

        (await app.SendAsync(read)).ShouldBe(500);
        (await app.SendAsync(read)).ShouldBe(500);
        _handled.ShouldBe(3);
    }

    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_handler_runs_again_where_it_leaves_the_transaction_open()
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(async handling =>
        {
            _handled++;
            var transaction = await handling.Db.Database.BeginTransactionAsync();
            var quantity = (await handling.Db.Lines.SingleAsync(line => line.Id == 1)).Quantity;
            await transaction.CommitAsync();
            return quantity;
        });

        (await app.SendAsync(read)).ShouldBe(500);
        _handled.ShouldBe(2);
    }

    [Theory]
    [Trait("Fault", "D3")]
    [InlineData("added")]
    [InlineData("attached")]
    [InlineData("edited")]
    [InlineData("deleted")]
    [InlineData("edited unseen")]
    public async Task A_handler_does_not_run_again_after_it_changed_what_is_tracked(string how)
    {
        await SeedAsync();
        await using var app = StartRouted();

        await app.InScopeAsync(async scope =>
        {
            // Not by a command: the session would then ask for all that the primary has written, and PostgreSQL writes log records of its own.
            var order = await scope.Db.Orders.SingleAsync();
            var error = await Should.ThrowAsync<InvalidOperationException>(() => scope.Sender.Send(new Read(async handling =>
            {
                handling.Db.ChangeTracker.AutoDetectChangesEnabled = how != "edited unseen";
                Change(handling.Db, how, order);
                return await QuantityAsync(handling);
            })));

            error.Message.ShouldContain("in a transaction that TrackingContext has open on the replica");
        });

        _handled.ShouldBe(1);
    }

    // The type is known to track by then.
    [Fact]
    [Trait("Fault", "D3")]
    public async Task A_query_that_could_not_run_again_begins_on_the_primary_the_next_time()
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(async handling =>
        {
            handling.Db.Add(new Tag { Label = "never saved" });
            return await QuantityAsync(handling);
        });

        await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(read));
        (await app.SendAsync(read)).ShouldBe(500);
    }

    [Theory]
    [Trait("Fault", "D5")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_swallows_the_tracking_error_runs_again(bool waits)
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(async handling =>
        {
            if (waits)
                await Task.Yield();
            return await OrMinusOneAsync(() => QuantityAsync(handling));
        });

        (await app.SendAsync(read)).ShouldBe(500);
        (await app.SendAsync(read)).ShouldBe(500);
        _handled.ShouldBe(3);
    }

    [Fact]
    [Trait("Fault", "D5")]
    public async Task A_handler_that_wraps_the_tracking_error_in_another_error_runs_again()
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(async handling =>
        {
            try
            {
                return await QuantityAsync(handling);
            }
            catch (Exception e)
            {
                throw new ApplicationException("no quantity", e);
            }
        });

        (await app.SendAsync(read)).ShouldBe(500);
        _handled.ShouldBe(2);
    }

    [Fact]
    [Trait("Fault", "D5")]
    public async Task A_handler_that_swallows_the_tracking_error_of_its_inner_query_runs_again()
    {
        await SeedAsync();
        await using var app = StartRouted(services: AddInner);
        var outer = new Read(handling => OrMinusOneAsync(() => BeginAndSendAsync(handling)));

        (await app.SendAsync(outer)).ShouldBe(500);
        (await app.SendAsync(outer)).ShouldBe(500);
        (_handled, _innerHandled).ShouldBe((3, 3));
    }

    [Fact]
    [Trait("Fault", "D5")]
    public async Task A_query_whose_inner_query_ran_again_does_not_run_again_itself()
    {
        await SeedAsync();
        await using var app = StartRouted(services: AddInner);
        var outer = new Read(async handling =>
        {
            _innerHandled++;
            return await handling.Sender.Send(new Inner(QuantityAsync));
        });

        (await app.SendAsync(outer)).ShouldBe(500);
        (_handled, _innerHandled).ShouldBe((2, 1));
    }

    [Theory]
    [Trait("Fault", "D5")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tracking_error_that_a_handler_swallowed_is_thrown_where_it_may_not_run_again(bool waits)
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(async handling =>
        {
            if (waits)
                await Task.Yield();
            handling.Db.Add(new Tag { Label = "never saved" });
            return await OrMinusOneAsync(() => QuantityAsync(handling));
        });

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(read))).Message.ShouldStartWith("Read tracks Line in a transaction");
        _handled.ShouldBe(1);
    }

    [Fact]
    [Trait("Fault", "D5")]
    public async Task A_stream_that_swallows_the_tracking_error_ends_with_that_error()
    {
        await SeedAsync();
        await using var app = StartRouted();

        await app.InScopeAsync(async scope =>
        {
            var elements = new List<object>();
            var error = await Should.ThrowAsync<InvalidOperationException>(async () =>
            {
                await foreach (var element in scope.Sender.CreateStream(new ReadStream(ElementsAsync)))
                    elements.Add(element);
            });
            error.Message.ShouldStartWith("ReadStream tracks Line in a transaction");
            elements.ShouldBe([1]);
        });

        async IAsyncEnumerable<object> ElementsAsync(Handling handling)
        {
            yield return 1;
            yield return (await OrMinusOneAsync(() => QuantityAsync(handling)))!;
        }
    }

    private static void AddInner(IServiceCollection services) => services.AddTransient<IRequestHandler<Inner, object?>, InnerHandler>();

    private static void Change(ShopContext db, string how, Order order)
    {
        switch (how)
        {
            case "added":
                db.Add(new Tag { Label = "never saved" });
                break;
            case "attached":
                db.Attach(new Tag { Id = 70, Label = "attached once" });
                break;
            case "deleted":
                db.Remove(order);
                break;
            default:
                order.Name += "edited";
                break;
        }
    }

    private static async Task<object?> OrMinusOneAsync(Func<Task<object?>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception)
        {
            return -1;
        }
    }

    // A query with a transaction, after another request of its scope.
    private async Task AfterAsync(Func<Handling, Task> earlier, Action<Handling>? body = null)
    {
        await SeedAsync();
        await using var app = StartRouted();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Write(earlier));
            await Pair.ReplicateAsync();
            var read = new Read(async handling =>
            {
                body?.Invoke(handling);
                return await QuantityAsync(handling);
            });
            (await scope.Sender.Send(read)).ShouldBe(500);
        });

        _handled.ShouldBe(2);
    }

    private async Task<object?> QuantityAsync(Handling handling)
    {
        _handled++;
        await using var transaction = await handling.Db.Database.BeginTransactionAsync();
        return (await handling.Db.Lines.SingleAsync(line => line.Id == 1)).Quantity;
    }

    private async Task<object?> BeginAndSendAsync(Handling handling)
    {
        _handled++;
        await using var transaction = await handling.Db.Database.BeginTransactionAsync();
        return await handling.Sender.Send(new Inner(ReadInnerAsync));
    }

    private async Task<object?> OpenAndSendAsync(Handling handling)
    {
        _handled++;
        await handling.Db.Database.OpenConnectionAsync();
        try
        {
            return await handling.Sender.Send(new Inner(ReadInnerAsync));
        }
        finally
        {
            await handling.Db.Database.CloseConnectionAsync();
        }
    }

    private async Task<object?> ReadInnerAsync(Handling handling)
    {
        _innerHandled++;
        await handling.Db.Tags.CountAsync();
        return (await handling.Db.Lines.SingleAsync(line => line.Id == 1)).Quantity;
    }

    private sealed record Inner(Func<Handling, Task<object?>> Body) : IQuery<object?>;

    private sealed class InnerHandler(IServiceProvider services) : IQueryHandler<Inner, object?>
    {
        public Task<object?> Handle(Inner request, CancellationToken cancellationToken) => request.Body(new(services, cancellationToken));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : TrackedInTransactionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : TrackedInTransactionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
