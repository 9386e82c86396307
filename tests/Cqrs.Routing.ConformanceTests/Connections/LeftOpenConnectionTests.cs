using System.Data;
using Cqrs.Routing.ConformanceTests.Shadow;
using Dapper;

namespace Cqrs.Routing.ConformanceTests.Connections;

/// <summary>A connection that a query leaves open by hand is closed when the query ends. A running transaction or reader keeps it.</summary>
public abstract class LeftOpenConnectionTests(DatabasePair pair) : ShadowTest(pair)
{
    /// <summary>How a context is set up: with EF alone the connection stays open, and everything works on it.</summary>
    public enum Mode
    {
        Plain,
        Replica,
        NoReplica,
        Mirror,
    }

    /// <summary>How a query opens its connection.</summary>
    public enum Opening
    {
        ByEF,
        ByEFTwice,
        Bare,
        BareByDapper,
    }

    public static IEnumerable<TheoryDataRow<Mode, Opening>> All() =>
        from mode in Enum.GetValues<Mode>()
        from opening in Enum.GetValues<Opening>()
        select new TheoryDataRow<Mode, Opening>(mode, opening);

    [Theory]
    [MemberData(nameof(All))]
    public async Task After_a_query_left_a_connection_open_commands_and_code_outside_requests_use_the_primary(Mode mode, Opening opening)
    {
        await using var app = StartIn(mode);

        await app.InScopeAsync(async scope =>
        {
            (await scope.Sender.Send(LeaveOpen(opening))).ShouldBe(1);
            if (mode != Mode.Plain)
                scope.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Closed);

            await scope.Sender.Send(Add);
            app.Log.Clear();
            (await scope.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(2);
            (await scope.Db.Database.SqlQueryRaw<int>("""SELECT count(*) AS "Value" FROM "Orders" """).SingleAsync()).ShouldBe(2);
            (await scope.Db.Database.GetDbConnection().ExecuteScalarAsync<int>("""SELECT count(*) FROM "Orders" """)).ShouldBe(2);
        });

        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_connection_that_an_inner_query_left_open_stays_open_for_the_outer_query()
    {
        await using var app = StartIn(Mode.Replica);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async outer =>
            {
                await outer.Sender.Send(LeaveOpen(Opening.ByEF));
                outer.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Open);
                (await outer.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(1);
            }));
            scope.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Closed);
        });

        app.Log.Counts.ShouldBe((0, 2));
    }

    [Fact]
    public async Task A_connection_that_a_query_inside_a_command_left_open_stays_open_for_the_command()
    {
        await using var app = StartIn(Mode.Replica);

        await app.SendAsync(new Write(async handling =>
        {
            await handling.Sender.Send(LeaveOpen(Opening.ByEF));
            handling.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Open);
        }));

        app.Log.OnReplica.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_was_open_before_a_query_stays_open()
    {
        await using var app = StartIn(Mode.Replica);

        await app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.OpenConnectionAsync();
            await scope.Sender.Send(LeaveOpen(Opening.ByEF));
            scope.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Open);
        });

        app.Log.OnReplica.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_a_query_scope_left_open_is_closed_with_the_scope()
    {
        await using var app = StartIn(Mode.Replica);

        await app.InScopeAsync(async scope =>
        {
            using (RouteScope.BeginQuery())
                await LeaveOpenAsync(scope, Opening.ByEF);
            await scope.Sender.Send(Add);
        });

        app.Log.OnReplica.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_a_stream_left_open_is_closed_after_its_last_element()
    {
        await using var app = StartIn(Mode.Replica);

        await app.InScopeAsync(async scope =>
        {
            await foreach (var count in scope.Sender.CreateStream(new ReadStream(StreamAsync)))
                count.ShouldBe(1);
            await scope.Sender.Send(Add);
        });

        app.Log.OnReplica.Count.ShouldBe(1);

        static async IAsyncEnumerable<object> StreamAsync(Handling handling)
        {
            yield return (await LeaveOpenAsync(handling, Opening.ByEF))!;
        }
    }

    [Fact]
    public async Task A_transaction_that_a_query_left_open_keeps_the_replica_and_later_requests_are_refused()
    {
        await using var app = StartIn(Mode.Replica);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling =>
            {
                await handling.Db.Database.BeginTransactionAsync();
                await handling.Db.Orders.AsNoTracking().CountAsync();
            }));
            (await Should.ThrowAsync<InvalidOperationException>(() => scope.Sender.Send(Add))).Message.ShouldContain("still open on the replica");
            (await Should.ThrowAsync<InvalidOperationException>(() => scope.Db.Orders.AsNoTracking().CountAsync())).Message.ShouldContain("still open on the replica");

            await scope.Db.Database.CurrentTransaction!.DisposeAsync();
            scope.Db.ChangeTracker.Clear();
            await scope.Sender.Send(Add);
            (await scope.Db.Orders.AsNoTracking().CountAsync()).ShouldBe(2);
        });
    }

    [Fact]
    public async Task Rows_that_are_still_being_read_are_read_to_their_end()
    {
        await using var app = StartIn(Mode.Replica);

        await app.InScopeAsync(async scope =>
        {
            var lines = (IAsyncEnumerator<string>)(await scope.Sender.Send(new Read(async handling =>
            {
                var lines = handling.Db.Lines.AsNoTracking().OrderBy(line => line.Id).Select(line => line.Product).AsAsyncEnumerable().GetAsyncEnumerator();
                (await lines.MoveNextAsync()).ShouldBeTrue();
                return lines;
            })))!;
            (await lines.MoveNextAsync()).ShouldBeTrue();
            lines.Current.ShouldBe("milk");
            await lines.DisposeAsync();
            await scope.Sender.Send(Add);
        });

        app.Log.OnReplica.Count.ShouldBe(1);
    }

    [Fact]
    public async Task In_shadow_mode_a_connection_that_a_query_left_open_stays_open_and_is_reported()
    {
        await using var app = StartInShadow();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(LeaveOpen(Opening.Bare));
            scope.Db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Open);
        });

        Found<Read>(app).LeftOpen.ShouldBe(1);
        ReportOf(app).ToString().ShouldContain("Read (1 of 1 run) left a connection open");
    }

    private static Write Add => new(async handling =>
    {
        handling.Db.Add(new Order { Name = "added" });
        await handling.Db.SaveChangesAsync();
    });

    private static Read LeaveOpen(Opening opening) => new(handling => LeaveOpenAsync(handling, opening));

    private static async Task<object?> LeaveOpenAsync(Handling handling, Opening opening)
    {
        var database = handling.Db.Database;
        switch (opening)
        {
            case Opening.ByEF:
                await database.OpenConnectionAsync();
                break;
            case Opening.ByEFTwice:
                await database.OpenConnectionAsync();
                await database.OpenConnectionAsync();
                break;
            case Opening.Bare:
                await database.GetDbConnection().OpenAsync();
                break;
            case Opening.BareByDapper:
                await database.GetDbConnection().OpenAsync();
                return await database.GetDbConnection().ExecuteScalarAsync<int>("""SELECT count(*) FROM "Orders" """);
        }

        return await handling.Db.Orders.AsNoTracking().CountAsync();
    }

    private RoutedApp StartIn(Mode mode) => Start(options => options.ConfigureContext = (context, pair) =>
    {
        switch (mode)
        {
            case Mode.Replica:
                context.UseReplica(pair.Replica, replica => (replica.AllowDifferentDatabaseName, replica.MonitorInterval) = (pair.ReplicaHasOtherName, TimeSpan.Zero));
                break;
            case Mode.NoReplica:
                context.UseReplica(null);
                break;
            case Mode.Mirror:
                context.UseReplicaMirror();
                break;
        }
    });

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : LeftOpenConnectionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : LeftOpenConnectionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
