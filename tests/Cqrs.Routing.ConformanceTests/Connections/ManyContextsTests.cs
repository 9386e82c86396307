using System.Runtime.CompilerServices;

namespace Cqrs.Routing.ConformanceTests.Connections;

/// <summary>A long query that uses many contexts in sequence keeps no reference to disposed ones.</summary>
public abstract class ManyContextsTests(DatabasePair pair) : ConformanceTest(pair)
{
    private const int Contexts = 200;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_context_that_the_query_has_disposed_is_collected_while_it_goes_on(bool routed, bool byHand)
    {
        await using var app = Start(options =>
        {
            options.Lifetime = ContextLifetime.Factory;
            if (!routed)
                options.ConfigureContext = static (_, _) => { };
        });

        await app.SendAsync(new Read(async handling =>
        {
            var contexts = new List<WeakReference>();
            for (var number = 0; number < Contexts; number++)
                contexts.Add(await ReadWithOneAsync(handling, byHand));
            Collect();
            contexts.Count(context => context.IsAlive).ShouldBeLessThan(5);
        }));

        app.Log.Counts.ShouldBe(routed ? (0, Contexts) : (Contexts, 0));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ReadWithOneAsync(Handling handling, bool byHand)
    {
        await using var db = await handling.Factory.CreateDbContextAsync();
        if (byHand)
            await db.Database.OpenConnectionAsync();
        await db.Orders.AsNoTracking().CountAsync();
        return new(db);
    }

    private static void Collect()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ManyContextsTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;
}
