using System.Data.Common;
using Dapper;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.Connections;

/// <summary>An interceptor that initialises a connection with the context that opens it.</summary>
public abstract class ConnectionInitialisingTests(DatabasePair pair) : ConformanceTest(pair)
{
    public enum Way
    {
        Plain,
        ByHand,
        Transaction,
    }

    public static IEnumerable<TheoryDataRow<bool, Way, bool>> All() =>
        from routed in new[] { true, false }
        from way in Enum.GetValues<Way>()
        from bare in new[] { true, false }
        select new TheoryDataRow<bool, Way, bool>(routed, way, bare);

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_initialising_interceptor_sends_its_statement_on_the_connection_that_was_opened(bool routed, Way way, bool bare)
    {
        var initialiser = new Initialiser(bare);
        await using var app = Start(options =>
        {
            options.ConfigureContext = (context, pair) =>
            {
                // A measurement beside the query would open connections as well.
                if (routed)
                    context.UseReplica(pair.Replica, replica => (replica.AllowDifferentDatabaseName, replica.MonitorInterval) = (pair.ReplicaHasOtherName, TimeSpan.Zero));
                context.AddInterceptors(initialiser);
            };
        });

        var count = await app.SendAsync(new Read(async handling =>
        {
            var database = handling.Db.Database;
            if (way == Way.ByHand)
                await database.OpenConnectionAsync();
            await using var transaction = way == Way.Transaction ? await database.BeginTransactionAsync() : null;
            var count = await handling.Db.Orders.AsNoTracking().CountAsync();
            if (way == Way.ByHand)
                await database.CloseConnectionAsync();
            return count;
        }));

        count.ShouldBe(1);
        initialiser.Opened.ShouldBe(1);
    }

    private sealed class Initialiser(bool bare) : DbConnectionInterceptor
    {
        public int Opened { get; private set; }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Opened++;
            for (var statement = 0; statement < 2; statement++)
            {
                if (bare)
                    await connection.ExecuteAsync("SELECT 1");
                else
                    await eventData.Context!.Database.ExecuteSqlRawAsync("SELECT 1", cancellationToken);
            }
        }
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ConnectionInitialisingTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ConnectionInitialisingTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
