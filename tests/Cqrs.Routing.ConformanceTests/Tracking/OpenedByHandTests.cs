using System.Data;
using Cqrs.Routing.ConformanceTests.Tracking.Model;
using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Fault D1: settings on a connection that a query opened by hand, such as a tenant, also apply to its tracked reads.</summary>
public abstract class OpenedByHandTests(DatabasePair pair) : TrackingTest(pair)
{
    private int _handled;

    /// <summary>The SQL of orders, which has rows only on a connection of the tenant.</summary>
    protected abstract string OrdersOfTenant { get; }

    [Fact]
    [Trait("Fault", "D1")]
    public async Task A_tracked_read_sees_what_was_set_on_the_connection_that_the_handler_opened() => await ShouldBeAsInPlainEfAsync("1, 1", TwiceAsync(async db =>
    {
        await db.Database.OpenConnectionAsync();
        try
        {
            await SetTenantAsync(db);
            await db.Tags.CountAsync();
            return await CountOrdersAsync(db);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }));

    [Fact]
    [Trait("Fault", "D1")]
    public async Task A_tracked_read_sees_what_was_set_on_a_connection_that_an_exception_leaves_open() => await ShouldBeAsInPlainEfAsync("1, 1", TwiceAsync(async db =>
    {
        await db.Database.OpenConnectionAsync();
        await SetTenantAsync(db);
        var count = await CountOrdersAsync(db);
        await db.Database.CloseConnectionAsync();
        return count;
    }));

    [Fact]
    [Trait("Fault", "D1")]
    public async Task A_tracked_read_sees_what_was_set_on_the_bare_connection() => await ShouldBeAsInPlainEfAsync("1, 1", TwiceAsync(async db =>
    {
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync();
        try
        {
            await SetTenantAsync(db);
            return await CountOrdersAsync(db);
        }
        finally
        {
            await connection.CloseAsync();
        }
    }));

    [Theory]
    [Trait("Fault", "D1")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tracked_read_among_the_rows_of_an_untracked_read_sees_what_was_set_on_the_connection(bool bare)
    {
        await SeedAsync();
        await using var app = StartRouted();

        var read = new Read(async handling =>
        {
            _handled++;
            var database = handling.Db.Database;
            await (bare ? database.GetDbConnection().OpenAsync() : database.OpenConnectionAsync());
            try
            {
                await SetTenantAsync((TrackingContext)handling.Db);
                var tags = await handling.Db.Tags.AsNoTracking().ToListAsync();
                foreach (var line in handling.Db.Orders.FromSqlRaw(OrdersOfTenant).AsNoTracking())
                {
                    // PostgreSQL has one reader at a time on a connection.
                    if (_handled == 1)
                        handling.Db.Orders.FromSqlRaw(OrdersOfTenant).ToList().Count.ShouldBe(1);
                }

                return await handling.Db.Orders.FromSqlRaw(OrdersOfTenant).CountAsync();
            }
            finally
            {
                await (bare ? database.GetDbConnection().CloseAsync() : database.CloseConnectionAsync());
            }
        });

        (await app.SendAsync(read)).ShouldBe(1);
        _handled.ShouldBe(2);
    }

    [Fact]
    [Trait("Fault", "D1")]
    public async Task A_query_that_ran_again_begins_on_the_primary_the_next_time()
    {
        await SeedAsync();
        await using var app = StartRouted();
        var read = new Read(handling => OpenAndCountAsync((TrackingContext)handling.Db));

        (await app.SendAsync(read)).ShouldBe(1);
        _handled.ShouldBe(2);
        app.Log.Clear();
        (await app.SendAsync(read)).ShouldBe(1);

        _handled.ShouldBe(3);
        app.Log.OnReplica.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Fault", "D1")]
    public async Task A_query_scope_that_tracks_on_a_connection_opened_by_hand_gets_an_error_that_says_what_to_write()
    {
        await SeedAsync();
        await using var app = StartRouted();

        await app.InScopeAsync(async scope =>
        {
            using var query = RouteScope.BeginQuery();
            var error = await Should.ThrowAsync<InvalidOperationException>(() => OpenAndCountAsync((TrackingContext)scope.Db));
            error.Message.ShouldBe(
                $"RouteScope.BeginQuery(OpenedByHandTests.{nameof(A_query_scope_that_tracks_on_a_connection_opened_by_hand_gets_an_error_that_says_what_to_write)}) tracks Order while TrackingContext has the replica open by hand, but tracked entities come from the primary, where settings of that connection do not apply. "
                + "Read without tracking (AsNoTracking(), or a projection), or have the whole request read from the primary ([ReadFromPrimary], RouteScope.ForcePrimary()). [CR204]");
            scope.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Closed);
        });
    }

    [Fact]
    [Trait("Fault", "D1")]
    public async Task A_connection_that_an_earlier_query_left_open_is_closed_with_what_was_set_on_it()
    {
        await SeedAsync();
        await using var app = StartRouted();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling =>
            {
                await handling.Db.Database.OpenConnectionAsync();
                await SetTenantAsync((TrackingContext)handling.Db);
            }));

            scope.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Closed);
            await scope.Sender.Send(new Read(async handling => (await handling.Db.Orders.ToListAsync()).Count.ShouldBe(1)));
            (await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.CountAsync()))).ShouldBe(1);
        });
    }

    [Fact]
    public async Task A_tracked_read_among_rows_for_which_EF_opened_the_connection_does_not_run_again()
    {
        await SeedAsync();
        await using var app = StartRouted();

        var quantity = await app.SendAsync(new Read(async handling =>
        {
            _handled++;
            var sum = 0;
            await foreach (var order in handling.Db.Orders.AsNoTracking().AsAsyncEnumerable())
                sum += (await handling.Db.Lines.SingleAsync(line => line.Id == 1)).Quantity;
            return sum;
        }));

        quantity.ShouldBe(500);
        _handled.ShouldBe(1);
        app.Log.Counts.ShouldBe((1, 1));
    }

    protected abstract Task SetTenantAsync(TrackingContext db);

    private static Func<Caller, Task<string>> TwiceAsync(Func<TrackingContext, Task<int>> read) =>
        async caller => $"{await caller.QueryAsync(read)}, {await caller.QueryAsync(read)}";

    private async Task<object?> OpenAndCountAsync(TrackingContext db)
    {
        _handled++;
        await db.Database.OpenConnectionAsync();
        try
        {
            await SetTenantAsync(db);
            return await CountOrdersAsync(db);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task<int> CountOrdersAsync(TrackingContext db) => (await db.Orders.FromSqlRaw(OrdersOfTenant).ToListAsync()).Count;

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : OpenedByHandTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
    {
        protected override string OrdersOfTenant => """SELECT * FROM "Orders" WHERE tenant() = 7""";

        protected override Task SetTenantAsync(TrackingContext db)
        {
            ((SqliteConnection)db.Database.GetDbConnection()).CreateFunction("tenant", () => 7);
            return Task.CompletedTask;
        }
    }

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : OpenedByHandTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        protected override string OrdersOfTenant => """SELECT * FROM "Orders" WHERE current_setting('app.tenant', true) = '7'""";

        protected override Task SetTenantAsync(TrackingContext db) => db.Database.ExecuteSqlRawAsync("SELECT set_config('app.tenant', '7', false)");
    }
}
