using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Connections;

/// <summary>PostgreSQL types that a migration creates: Npgsql reloads them for the primary's pool only, so the library reloads the replica's.</summary>
[Collection(PostgresCollection.Name)]
public sealed class NewTypeTests(PairFixture<PostgresPairDatabase> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private readonly string _type = $"mood_{Guid.NewGuid():N}";

    [Fact]
    public async Task A_query_that_reads_a_new_type_is_answered_and_the_replicas_pool_then_loads_the_type()
    {
        await using var app = StartOnOwnPools();
        await app.SendAsync(CountOrders);
        await CreateTypeAsync(app);
        app.Log.Clear();

        (await app.SendAsync(ReadMood)).ShouldBe("happy");
        for (var attempt = 0; app.Log.Counts != (1, 2) || attempt == 0; attempt++)
        {
            attempt.ShouldBeLessThan(500, "The replica's pool has not loaded the type.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
            app.Log.Clear();
            (await app.SendAsync(ReadMood)).ShouldBe("happy");
            if (app.Log.Counts == (0, 1))
                return;
        }
    }

    [Fact]
    public async Task A_wait_for_the_replica_includes_loading_a_new_type()
    {
        await using var app = StartOnOwnPools();
        await app.SendAsync(CountOrders);
        await CreateTypeAsync(app);

        await app.InScopeAsync(scope => scope.Db.Database.WaitForReplicaAsync(TimeSpan.FromSeconds(10)));
        app.Log.Clear();

        (await app.SendAsync(ReadMood)).ShouldBe("happy");
        app.Log.Counts.ShouldBe((0, 1));
    }

    private static Read CountOrders => new(async handling => await handling.Db.Orders.AsNoTracking().CountAsync());

    private Read ReadMood
    {
        get
        {
            var sql = $"SELECT 'happy'::{_type} AS \"Value\"";
            return new(async handling => await handling.Db.Database.SqlQueryRaw<string>(sql).SingleAsync());
        }
    }

    // What a migration does, and Npgsql's migrator after it.
    private async Task CreateTypeAsync(RoutedApp app)
    {
        var sql = $"CREATE TYPE {_type} AS ENUM ('happy', 'sad')";
        await app.InScopeAsync(async scope =>
        {
            await scope.Db.Database.ExecuteSqlRawAsync(sql);
            await scope.Db.Database.OpenConnectionAsync();
            await ((NpgsqlConnection)scope.Db.Database.GetDbConnection()).ReloadTypesAsync();
            await scope.Db.Database.CloseConnectionAsync();
        });
        await Pair.ReplicateAsync();
    }

    private RoutedApp StartOnOwnPools() => Start(options => options.ConfigureContext = (context, pair) => context
        .UseNpgsql(pair.Primary + ";Application Name=" + _type)
        .UseReplica(pair.Replica + ";Application Name=" + _type, replica => (replica.MonitorInterval, replica.RecentWriteWindow) = (TimeSpan.Zero, TimeSpan.Zero)));
}
