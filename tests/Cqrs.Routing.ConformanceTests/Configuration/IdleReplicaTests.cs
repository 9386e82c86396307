using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>A request that does not need the replica creates no connection for it.</summary>
public abstract class IdleReplicaTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [ClassData(typeof(Lifetimes))]
    public async Task Commands_make_no_connection_object_for_the_replica_once_it_is_checked(ContextLifetime lifetime)
    {
        var created = new Created(Pair);
        await using var app = Start(options =>
        {
            options.Lifetime = lifetime;
            options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).AddInterceptors(created);
        });
        await app.SendAsync(new Write(async handling => await handling.Db.Orders.CountAsync()));
        created.OnReplica.Clear();

        foreach (var _ in Enumerable.Range(0, 5))
            await app.SendAsync(new Write(async handling => await handling.Db.Orders.CountAsync()));

        created.OnReplica.ShouldBeEmpty();
    }

    private sealed class Created(DatabasePair pair) : DbConnectionInterceptor
    {
        /// <summary>Where they were asked for.</summary>
        public ConcurrentQueue<string> OnReplica { get; } = new();

        public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
        {
            if (pair.ServerOf(result) == Server.Replica)
                OnReplica.Enqueue(Environment.StackTrace);
            return result;
        }
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : IdleReplicaTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : IdleReplicaTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
