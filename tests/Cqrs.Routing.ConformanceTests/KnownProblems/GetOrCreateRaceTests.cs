namespace Cqrs.Routing.ConformanceTests.KnownProblems;

/// <summary>Group E: concurrent callers of get-or-create that all miss the row.</summary>
public abstract class GetOrCreateRaceTests(DatabasePair pair) : ConformanceTest(pair)
{
    private const string New = "grace@example.org";

    [Theory]
    [Trait("Case", "C164")]
    [InlineData(QueryTrackingBehavior.TrackAll)]
    [InlineData(QueryTrackingBehavior.NoTracking)]
    public async Task Of_two_callers_that_miss_at_once_one_creates_the_row_and_the_other_finds_it_on_the_primary(QueryTrackingBehavior tracking)
    {
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).UseQueryTrackingBehavior(tracking));
        using var bothMissed = new Barrier(2);

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            (int Id, bool Created) result = default;
            await app.InScopeAsync(async scope => result = await GetOrCreateAsync(scope.Db, () => bothMissed.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue()));
            return result;
        })));

        results.Count(result => result.Created).ShouldBe(1);
        results[0].Id.ShouldBe(results[1].Id);
        // Each: a miss on the replica if the context tracks nothing, a miss and an insert on the primary; the loser reads there once more.
        app.Log.Counts.ShouldBe((5, tracking == QueryTrackingBehavior.NoTracking ? 2 : 0));
        (await CountOnPrimaryAsync()).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C164")]
    public async Task The_loser_of_a_race_keeps_nothing_of_its_own_and_can_go_on_saving()
    {
        await using var app = Start();

        await app.SendAsync(new Write(async command =>
        {
            (await GetOrCreateAsync(command.Db, InsertOnPrimary)).Created.ShouldBeFalse();
            command.Db.Add(new Order { Name = "after the race", Customer = await command.Db.Customers.SingleAsync(customer => customer.Email == New) });
            await command.Db.SaveChangesAsync();
        }));

        app.Log.OnReplica.ShouldBeEmpty();
        (await CountOnPrimaryAsync()).ShouldBe(1);
    }

    [Theory]
    [Trait("Case", "C164")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_loser_of_a_race_finds_the_winners_row_whatever_type_an_interceptor_throws(bool tracks)
    {
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica)
            .UseQueryTrackingBehavior(tracks ? QueryTrackingBehavior.TrackAll : QueryTrackingBehavior.NoTracking)
            .AddInterceptors(new TranslatingInterceptor()));

        await app.SendAsync(new Write(async command =>
        {
            (await GetOrCreateAsync(command.Db, InsertOnPrimary)).Created.ShouldBeFalse();
            command.Db.ChangeTracker.HasChanges().ShouldBeFalse("nothing is left to be saved");
            await command.Db.SaveChangesAsync();
        }));

        app.Log.OnReplica.ShouldBeEmpty();
        (await CountOnPrimaryAsync()).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C164")]
    public async Task An_insert_that_fails_without_a_race_fails_with_its_own_error_and_leaves_nothing_added()
    {
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).AddInterceptors(new TranslatingInterceptor()));

        await app.SendAsync(new WriteNothingBack(async command =>
        {
            command.Db.Add(new Customer { Email = "ada@example.org" });
            await Should.ThrowAsync<TranslatingInterceptor.TranslatedException>(() => GetOrCreateAsync(command.Db, () => { }));
            command.Db.ChangeTracker.Entries<Customer>().Single().Entity.Email.ShouldBe("ada@example.org", "what was added before is the caller's");
        }));

        (await CountOnPrimaryAsync()).ShouldBe(0);
    }

    private static async Task<(int Id, bool Created)> GetOrCreateAsync(ShopContext db, Action afterTheMiss)
    {
        var (customer, created) = await db.Customers.GetOrCreateAsync(customer => customer.Email == New, () =>
        {
            afterTheMiss();
            return new() { Email = New };
        });
        return (customer.Id, created);
    }

    private void InsertOnPrimary()
    {
        using var primary = Pair.Direct(Server.Primary);
        primary.Add(new Customer { Email = New });
        primary.SaveChanges();
    }

    private async Task<int> CountOnPrimaryAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        return await primary.Customers.CountAsync(customer => customer.Email == New);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : GetOrCreateRaceTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : GetOrCreateRaceTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Fact]
        [Trait("Case", "C164")]
        public async Task A_transaction_around_the_loser_of_a_race_stays_usable()
        {
            await using var app = Start();

            await app.SendAsync(new Write(async command =>
            {
                await using var transaction = await command.Db.Database.BeginTransactionAsync();
                command.Db.Add(new Order { Name = "before the race" });
                await command.Db.SaveChangesAsync();
                (await GetOrCreateAsync(command.Db, InsertOnPrimary)).Created.ShouldBeFalse();
                command.Db.Add(new Order { Name = "after the race" });
                await command.Db.SaveChangesAsync();
                await transaction.CommitAsync();
            }));

            app.Log.OnReplica.ShouldBeEmpty();
            await using var primary = Pair.Direct(Server.Primary);
            (await primary.Orders.CountAsync()).ShouldBe(3);
        }
    }
}
