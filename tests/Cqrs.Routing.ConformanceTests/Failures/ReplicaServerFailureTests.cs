using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>The circuit belongs to the server: tenants, users and passwords in the connection string do not create another one.</summary>
public sealed class ReplicaServerFailureTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task Twelve_tenants_of_a_host_that_does_not_answer_wait_for_it_once()
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        var port = ((IPEndPoint)hole.LocalEndpoint).Port;

        for (var tenant = 0; tenant < 12; tenant++)
        {
            var replica = new NpgsqlConnectionStringBuilder(At(port)) { SearchPath = $"tenant_{tenant}, public", Password = $"rotated {tenant}" }.ConnectionString;
            await using var app = StartOn(replica, choices => choices.BreakDuration = TimeSpan.FromSeconds(60));
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
            LastRoute(app).Reason.ShouldBe(RouteReason.ReplicaUnavailable);
        }

        var connections = 0;
        for (; hole.Pending(); connections++)
            (await hole.AcceptTcpClientAsync(TestContext.Current.CancellationToken)).Dispose();
        connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_password_that_an_interceptor_fills_in_is_used_by_the_probe()
    {
        var wrong = new NpgsqlConnectionStringBuilder(Standby) { Username = "nobody" }.ConnectionString;
        await using var app = StartOn(wrong, choices => choices.BreakDuration = TimeSpan.FromMilliseconds(20), options =>
        {
            var configure = options.ConfigureContext;
            options.ConfigureContext = (context, pair) =>
            {
                configure(context, pair);
                context.AddInterceptors(new Credentials());
            };
        });
        // A replica that was lost is asked whether it has what the primary has.
        await Pair.ReplicateAsync();
        await app.SendAsync(ReadName);
        app.Log.Counts.ShouldBe((0, 1));

        // Each of them finds a broken socket, which opens the circuit.
        for (var failure = 0; failure < 3; failure++)
        {
            await app.SendAsync(ReadName);
            await BreakSocketsAsync();
            await app.SendAsync(ReadName);
        }

        // The probe has the same name as the query.
        for (var attempt = 0; LastRoute(app).Route == DatabaseRole.Primary; attempt++)
        {
            attempt.ShouldBeLessThan(500, "The circuit stayed open although the replica answers.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
            await app.SendAsync(ReadName);
        }
    }

    [Fact]
    public async Task A_replica_that_fails_among_rows_counts_as_lost()
    {
        await using var app = StartOn(Standby, choices => choices.BreakDuration = TimeSpan.FromSeconds(60));
        await Pair.ReplicateAsync();
        var lost = new Read(async handling =>
        {
            var name = await NameAsync(handling.Db);
            return RouteScope.Current.Route == DatabaseRole.Primary ? name : throw new NpgsqlException("lost", new IOException());
        });

        for (var failure = 0; failure < 3; failure++)
            (await app.SendAsync(lost)).ShouldBe(DatabasePair.Current);
        app.Log.Clear();
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((1, 0));
        LastRoute(app).Reason.ShouldBe(RouteReason.ReplicaUnavailable);
    }

    [Fact]
    public async Task An_error_that_hides_that_the_replica_was_lost_does_not_keep_the_handler_from_running_again()
    {
        await using var app = StartOn(Standby);
        var handled = 0;

        var name = await app.SendAsync(new Read(async handling =>
        {
            handled++;
            var transaction = await handling.Db.Database.BeginTransactionAsync();
            try
            {
                await NameAsync(handling.Db);
                if (RouteScope.Current.Route == DatabaseRole.Replica)
                    await BreakSocketsAsync();
                var read = await NameAsync(handling.Db);
                await transaction.DisposeAsync();
                return read;
            }
            catch (NpgsqlException)
            {
                // What disposing it throws with SqlClient.
                throw new InvalidOperationException("This transaction has completed; it is no longer usable.");
            }
        }));

        name.ShouldBe(DatabasePair.Current);
        handled.ShouldBe(2);
    }

    [Fact]
    public async Task A_table_that_is_not_replicated_is_read_from_the_primary()
    {
        await using (var db = Pair.Direct(Server.Primary))
            await db.Database.ExecuteSqlRawAsync("""CREATE UNLOGGED TABLE IF NOT EXISTS "Cache" AS SELECT 7 AS "Value" """);
        await Pair.ReplicateAsync();
        await using var app = StartOn(Standby);

        (await app.SendAsync(new Read(async handling => await handling.Db.Database.SqlQueryRaw<int>("""SELECT "Value" FROM "Cache" """).SingleAsync()))).ShouldBe(7);

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_prepared_statement_whose_table_was_changed_is_answered()
    {
        var prepared = new NpgsqlConnectionStringBuilder(Standby) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 1 }.ConnectionString;
        await using (var db = Pair.Direct(Server.Primary))
            await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "Changed"; CREATE TABLE "Changed" AS SELECT 7 AS "Value" """);
        await Pair.ReplicateAsync();
        await using var app = StartOn(prepared);
        var read = new Read(async handling => await handling.Db.Database.SqlQueryRaw<int>("""SELECT * FROM "Changed" """).FirstAsync());
        for (var use = 0; use < 3; use++)
            (await app.SendAsync(read)).ShouldBe(7);

        await using (var db = Pair.Direct(Server.Primary))
            await db.Database.ExecuteSqlRawAsync("""ALTER TABLE "Changed" ADD "Other" int""");
        await Pair.ReplicateAsync();

        (await app.SendAsync(read)).ShouldBe(7);
        (await app.SendAsync(read)).ShouldBe(7);
    }

    private sealed class Credentials : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result)
        {
            var settings = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
            if (settings.Username == "nobody")
                connection.ConnectionString = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Username = "app" }.ConnectionString;
            return result;
        }

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default) =>
            new(ConnectionOpening(connection, eventData, result));
    }
}
