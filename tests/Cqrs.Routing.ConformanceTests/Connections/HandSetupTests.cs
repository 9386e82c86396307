using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Connections;

/// <summary>Handlers and functions that an application adds to a context's connection apply to both servers.</summary>
public abstract class HandSetupTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    public async Task A_handler_that_a_middleware_adds_is_called_for_the_connections_of_both_servers(ContextLifetime lifetime)
    {
        await using var app = Start(options =>
        {
            options.Lifetime = lifetime;
            options.ConfigureContext = static (context, pair) => context.UseReplica(pair.Replica, replica =>
            {
                replica.AllowDifferentDatabaseName = pair.ReplicaHasOtherName;
                replica.RecentWriteWindow = TimeSpan.Zero;
            });
        });
        var opened = new List<Server>();

        await app.InScopeAsync(async scope =>
        {
            scope.Db.Database.GetDbConnection().StateChange += (sender, change) => Note(opened, (DbConnection)sender, change);
            await scope.Sender.Send(CountOrders);
            await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.CountAsync()));
            await Pair.ReplicateAsync();
            await scope.Sender.Send(CountOrders);
        });

        opened.ShouldBe([Server.Replica, Server.Primary, Server.Replica]);
    }

    [Fact]
    public async Task A_handler_that_a_query_adds_is_called_for_the_connections_of_both_servers()
    {
        await using var app = Start();
        var opened = new List<Server>();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling =>
            {
                handling.Db.Database.GetDbConnection().StateChange += (sender, change) => Note(opened, (DbConnection)sender, change);
                await handling.Db.Orders.AsNoTracking().CountAsync();
            }));
            await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.CountAsync()));
            await scope.Db.Orders.CountAsync();
        });

        opened.ShouldBe([Server.Replica, Server.Primary, Server.Primary]);
    }

    [Fact]
    public async Task A_statement_that_tracks_is_sent_on_a_connection_with_the_querys_handler()
    {
        await using var app = Start();
        var opened = new List<Server>();

        await app.SendAsync(new Read(async handling =>
        {
            handling.Db.Database.GetDbConnection().StateChange += (sender, change) => Note(opened, (DbConnection)sender, change);
            await handling.Db.Orders.SingleAsync();
        }));

        opened.ShouldBe([Server.Primary]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_function_of_the_application_on_a_SQLite_connection_exists_on_the_replica(bool routed)
    {
        Assert.SkipUnless(Pair is SqlitePair, "Functions of the application are SQLite's.");
        await using var app = Start(options =>
        {
            if (!routed)
                options.ConfigureContext = static (_, _) => { };
        });

        await app.InScopeAsync(async scope =>
        {
            ((SqliteConnection)scope.Db.Database.GetDbConnection()).CreateFunction("upper", static (string text) => $"<{text}>");
            ((SqliteConnection)scope.Db.Database.GetDbConnection()).CreateFunction("twice", static (int value) => value * 2);
            (await scope.Sender.Send(new Read(async handling => await handling.Db.Database.SqlQueryRaw<string>("SELECT upper('a') AS Value").SingleAsync()))).ShouldBe("<a>");
            (await scope.Sender.Send(new Read(async handling => await handling.Db.Database.SqlQueryRaw<int>("SELECT twice(21) AS Value").SingleAsync()))).ShouldBe(42);
        });

        app.Log.Counts.ShouldBe(routed ? (0, 2) : (2, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_is_removed_is_called_no_more_and_one_that_is_added_twice_is_called_twice(bool routed)
    {
        await using var app = Start(options =>
        {
            if (!routed)
                options.ConfigureContext = static (_, _) => { };
        });
        var calls = 0;
        StateChangeEventHandler handler = (_, change) => calls += change.CurrentState == ConnectionState.Open ? 1 : 0;

        await app.InScopeAsync(async scope =>
        {
            var connection = scope.Db.Database.GetDbConnection();
            connection.StateChange += handler;
            connection.StateChange += handler;
            await scope.Sender.Send(CountOrders);
            connection.StateChange -= handler;
            connection.StateChange -= handler;
            await scope.Sender.Send(CountOrders);
        });

        calls.ShouldBe(2);
    }

    [Fact]
    public async Task Notices_of_both_servers_come_to_the_handler()
    {
        Assert.SkipUnless(Pair is PostgresPairDatabase, "Notices are PostgreSQL's.");
        await using var app = Start();
        var notices = new List<string>();

        await app.InScopeAsync(async scope =>
        {
            ((NpgsqlConnection)scope.Db.Database.GetDbConnection()).Notice += (_, notice) => notices.Add(notice.Notice.MessageText);
            await scope.Sender.Send(new Read(async handling => await handling.Db.Database.ExecuteSqlRawAsync("ROLLBACK")));
        });

        notices.ShouldBe(["there is no transaction in progress"]);
        app.Log.Counts.ShouldBe((0, 1));
    }

    private static Read CountOrders => new(async handling => await handling.Db.Orders.AsNoTracking().CountAsync());

    private void Note(List<Server> opened, DbConnection connection, StateChangeEventArgs change)
    {
        if (change.CurrentState == ConnectionState.Open)
            opened.Add(Pair.ServerOf(connection));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : HandSetupTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : HandSetupTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
