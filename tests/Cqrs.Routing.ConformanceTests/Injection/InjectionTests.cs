using System.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>
/// A fault at each await of a request, of each kind, on each server. After it the context is as if the request had not been: a command works, a query is on one server, code outside requests is on the
/// primary, nothing is open and no pool has lost a connection, and nothing ever ran on a connection that was not initialised.
/// </summary>
public abstract class InjectionTests(DatabasePair pair) : ConformanceTest(pair)
{
    private int _healths;

    private bool IsPostgres => Pair is PostgresPairDatabase;

    [Theory]
    [InlineData(true, ContextLifetime.Scoped)]
    [InlineData(true, ContextLifetime.Pooled)]
    [InlineData(false, ContextLifetime.Scoped)]
    [InlineData(false, ContextLifetime.Pooled)]
    public async Task A_query_that_fails_on_the_replica_leaves_nothing_behind(bool async, ContextLifetime lifetime)
    {
        await Tenants.SetUpAsync(Pair);
        var problems = new List<string>();
        var fired = new HashSet<FaultPoint>();
        await foreach (var (cell, outcome) in RunAllAsync(Server.Replica, async, lifetime, routed: true))
        {
            if (outcome.HasFired)
                fired.Add(cell.Point);
            problems.AddRange(outcome.Problems.Select(problem => $"{cell}: {problem}"));
            if (outcome.HasFired && Expectation(cell) is { } answers && answers != outcome.Error is null)
                problems.Add($"{cell}: {(answers ? "should have been answered by the primary" : "should have failed")}, but {outcome.Error ?? "it was answered"}");
        }

        string.Join("\n", problems).ShouldBeEmpty();
        Missed(fired, lifetime).ShouldBe([FaultPoint.Saving, FaultPoint.Saved]);
    }

    [Theory]
    [InlineData(true, ContextLifetime.Scoped)]
    [InlineData(true, ContextLifetime.Pooled)]
    [InlineData(false, ContextLifetime.Scoped)]
    [InlineData(false, ContextLifetime.Pooled)]
    public async Task A_command_that_fails_leaves_nothing_behind_and_fails_as_with_EF_alone(bool async, ContextLifetime lifetime)
    {
        await Tenants.SetUpAsync(Pair);
        var problems = new List<string>();
        var fired = new HashSet<FaultPoint>();
        var plain = new Dictionary<Cell, Outcome>();
        await foreach (var (cell, outcome) in RunAllAsync(Server.Primary, async, lifetime, routed: false))
            plain[cell] = outcome;
        await foreach (var (cell, outcome) in RunAllAsync(Server.Primary, async, lifetime, routed: true))
        {
            if (outcome.HasFired)
                fired.Add(cell.Point);
            problems.AddRange(outcome.Problems.Select(problem => $"{cell}: {problem}"));
            // EF alone forgets a transaction that the driver has begun when an interceptor throws then: the next command is never committed.
            if (plain.TryGetValue(cell, out var alone) && (outcome.Error != alone.Error || (outcome.Orders != alone.Orders && cell.Point != FaultPoint.Started)))
                problems.Add($"{cell}: {outcome.Error} / {outcome.Orders}, with EF alone {alone.Error} / {alone.Orders}");
        }

        string.Join("\n", problems).ShouldBeEmpty();
        // Commands ask for nothing, and this one reads nothing.
        Missed(fired, lifetime).ShouldBe([FaultPoint.Asking, FaultPoint.Reading]);
    }

    // The points that no cell met, but for those that the lifetime has not: a pool disposes nothing.
    private static IEnumerable<FaultPoint> Missed(HashSet<FaultPoint> fired, ContextLifetime lifetime) =>
        Enum.GetValues<FaultPoint>().Where(point => !fired.Contains(point) && !(point == FaultPoint.Disposing && lifetime == ContextLifetime.Pooled));

    // Whether the query has to have an answer: null where both are right.
    private static bool? Expectation(Cell cell) => cell.Kind switch
    {
        // Whatever the position's source throws: it is not known, and the primary serves.
        _ when cell.Point == FaultPoint.Asking => true,
        _ when cell.EndsScope => null,
        FaultKind.Application or FaultKind.Cancelled => false,
        FaultKind.Unavailable or FaultKind.Conflict => cell.Point <= FaultPoint.Reading ? true : null,
        _ => cell.Point is FaultPoint.Opening or FaultPoint.Opened ? true : null,
    };

    private async IAsyncEnumerable<(Cell Cell, Outcome Outcome)> RunAllAsync(Server server, bool async, ContextLifetime lifetime, bool routed)
    {
        var injector = new Injector(Pair);
        // EF alone loses the connection then: it stays open, and its pool never has it again.
        foreach (var cell in Cell.On(server).Where(cell => routed || cell.Point != FaultPoint.Resetting))
            yield return (cell, await RunAsync(cell, injector, async, lifetime, routed));
    }

    private async Task<Outcome> RunAsync(Cell cell, Injector injector, bool async, ContextLifetime lifetime, bool routed)
    {
        await using (var db = Pair.Direct(Server.Primary))
            await db.Orders.Where(order => order.Id != 1).ExecuteDeleteAsync();

        injector.Tenant = Tenants.All[(int)cell.Kind % Tenants.All.Length];
        injector.Uninitialised.Clear();
        var problems = new List<string>();
        string? error = null;
        var hasFired = false;
        await using var app = Start(injector, lifetime, routed);
        try
        {
            await app.InScopeAsync(async scope =>
            {
                var requests = new FaultyRequests(cell.Style, async, injector.Tenant, problems);
                // The fault is met with connections that were used before, and in a session that asks.
                await scope.Sender.Send(requests.Command("before"));
                if (!cell.LeavesOpen)
                    injector.Arm(cell, Faults.Create(cell.Kind, IsPostgres));
                var faulty = new FaultyRequests(cell.Style, async, injector.Tenant, problems, cell.LeavesOpen);
                try
                {
                    if (cell.Server == Server.Replica)
                        await scope.Sender.Send(faulty.Query());
                    else
                        await scope.Sender.Send(faulty.Command("faulty"));
                }
                catch (Exception e)
                {
                    error = $"{e.GetType().Name}: {e.Message}";
                }

                if (cell.LeavesOpen)
                    injector.Arm(cell, Faults.Create(cell.Kind, IsPostgres));
                if (cell.EndsScope)
                    return;

                hasFired = injector.HasFired;
                injector.Disarm();
                await CheckAsync(app, scope, requests, problems, routed);
            });
        }
        catch (Exception e) when (cell.EndsScope)
        {
            error = $"{e.GetType().Name}: {e.Message}";
        }

        if (cell.EndsScope)
        {
            hasFired = injector.HasFired;
            injector.Disarm();
            await app.InScopeAsync(scope => CheckAsync(app, scope, new FaultyRequests(cell.Style, async, injector.Tenant, problems), problems, routed));
        }

        problems.AddRange(injector.Uninitialised.Select(text => $"not initialised: {text}"));
        await using var after = Pair.Direct(Server.Primary);
        return new(hasFired, error, string.Join(", ", await after.Orders.Select(order => order.Name).Order().ToListAsync()), problems);
    }

    private async Task CheckAsync(RoutedApp app, Handling scope, FaultyRequests requests, List<string> problems, bool routed)
    {
        try
        {
            scope.Db.ChangeTracker.Clear();
            app.Log.Clear();
            await scope.Sender.Send(requests.Command("after"));
            if (app.Log.OnReplica.Count > 0)
                problems.Add("the next command was on the replica");
            app.Log.Clear();
            await scope.Sender.Send(requests.Query());
            if (app.Log is { OnPrimary.Count: > 0, OnReplica.Count: > 0 })
                problems.Add("the next query was on both servers");
            app.Log.Clear();
            await scope.Db.Orders.AsNoTracking().CountAsync();
            if (app.Log.Counts != (1, 0))
                problems.Add("code outside requests was not on the primary");
            var connection = scope.Db.Database.GetDbConnection();
            if (connection.State != ConnectionState.Closed)
                problems.Add("a connection is open");
            if (Pair.ServerOf(connection) != Server.Primary)
                problems.Add("the connection outside requests is the replica's");
            if (scope.Db.Database.CurrentTransaction is not null)
                problems.Add("a transaction is open");
        }
        catch (Exception e)
        {
            problems.Add($"{(routed ? "" : "with EF alone, ")}afterwards: {e.GetType().Name}: {e.Message}");
        }
    }

    private RoutedApp Start(Injector injector, ContextLifetime lifetime, bool routed) => Start(options =>
    {
        options.Lifetime = lifetime;
        options.ConfigureContext = (context, _) =>
        {
            Pair.Use(context, Bounded(Pair.Primary)).AddInterceptors(injector);
            if (!routed)
                return;

            context.UseReplica(Bounded(Pair.Replica), replica =>
            {
                replica.AllowDifferentDatabaseName = Pair.ReplicaHasOtherName;
                replica.MonitorInterval = TimeSpan.Zero;
                replica.RecentWriteWindow = TimeSpan.Zero;
                replica.PositionSource = new Positions(injector);
                // Its health is its own, so that one cell's failures do not keep the next one from the replica.
                replica.MaxFallbacksPerSecond = 10_000 + Interlocked.Increment(ref _healths);
            });
        };
    });

    // A pool that has lost two connections has no more.
    private string Bounded(string connectionString) => IsPostgres
        ? new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 2, Timeout = 2, ApplicationName = "injection" }.ConnectionString
        : new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = 2 }.ConnectionString;

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : InjectionTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : InjectionTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
