namespace Cqrs.Routing.ConformanceTests.KnownProblems;

/// <summary>Group E: get-or-create that reads the replica first.</summary>
public abstract class GetOrCreateTests(DatabasePair pair) : ConformanceTest(pair)
{
    private const string Known = "ada@example.org";
    private const string New = "grace@example.org";

    [Fact]
    [Trait("Case", "C158")]
    public async Task A_row_that_the_replica_has_is_read_there_and_nothing_reaches_the_primary()
    {
        await using var app = StartUntracked();

        await app.InScopeAsync(async scope => (await GetOrCreateAsync(scope.Db, Known)).ShouldBe((1, false)));
        app.Log.Counts.ShouldBe((0, 1));

        await app.SendAsync(new Read(async query => (await GetOrCreateAsync(query.Db, Known)).ShouldBe((1, false))));
        app.Log.Counts.ShouldBe((0, 2));
    }

    [Fact]
    [Trait("Case", "C158")]
    public async Task A_context_that_tracks_what_it_reads_gets_it_from_the_primary_with_one_statement()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            (await GetOrCreateAsync(scope.Db, Known)).ShouldBe((1, false));
            scope.Db.Customers.Local.ShouldHaveSingleItem();
        });
        app.Log.Counts.ShouldBe((1, 0));

        await app.SendAsync(new Read(async query => (await GetOrCreateAsync(query.Db, Known)).ShouldBe((1, false))));
        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C159")]
    public async Task A_missing_row_is_looked_for_on_the_primary_only_where_the_context_tracks_and_created_there()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope => (await GetOrCreateAsync(scope.Db, New)).Created.ShouldBeTrue());

        app.Log.Counts.ShouldBe((2, 0));
        app.Log.OnPrimary[1].ShouldContain("INSERT");
        (await CountOnPrimaryAsync(New)).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C159")]
    public async Task A_missing_row_is_looked_for_on_both_servers_without_tracking_and_created_on_the_primary()
    {
        await using var app = StartUntracked();

        await app.InScopeAsync(async scope => (await GetOrCreateAsync(scope.Db, New)).Created.ShouldBeTrue());

        app.Log.OnReplica.Count.ShouldBe(1);
        app.Log.OnPrimary.Count.ShouldBe(2);
        app.Log.OnPrimary[1].ShouldContain("INSERT");
        (await CountOnPrimaryAsync(New)).ShouldBe(1);
    }

    [Theory]
    [Trait("Case", "C159")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_cannot_create_and_its_context_can_go_on(bool tracks)
    {
        await using var app = tracks ? Start() : StartUntracked();

        await app.SendAsync(new Read(async query =>
        {
            await Should.ThrowAsync<QueryWriteException>(() => GetOrCreateAsync(query.Db, New));
            query.Db.ChangeTracker.HasChanges().ShouldBeFalse();
            (await GetOrCreateAsync(query.Db, Known)).ShouldBe((1, false));
        }));

        app.Log.Counts.ShouldBe(tracks ? (2, 0) : (1, 2));
        (await CountOnPrimaryAsync(New)).ShouldBe(0);
    }

    [Theory]
    [Trait("Case", "C160")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_the_replica_does_not_have_yet_is_found_on_the_primary(bool tracks)
    {
        await using var app = tracks ? Start() : StartUntracked();
        await InsertOnPrimaryAsync(New);

        await app.InScopeAsync(async scope => (await GetOrCreateAsync(scope.Db, New)).Created.ShouldBeFalse());

        app.Log.Counts.ShouldBe(tracks ? (1, 0) : (1, 1));
        (await CountOnPrimaryAsync(New)).ShouldBe(1);
    }

    [Theory]
    [Trait("Case", "C162")]
    [InlineData(Known, false)]
    [InlineData(New, true)]
    public async Task Get_or_create_inside_a_transaction_runs_on_the_primary(string email, bool created)
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            (await GetOrCreateAsync(scope.Db, email)).Created.ShouldBe(created);
            await transaction.CommitAsync();
        });

        app.Log.OnReplica.ShouldBeEmpty();
        app.Log.OnPrimary.Count(text => text.Contains("INSERT", StringComparison.Ordinal)).ShouldBe(created ? 1 : 0);
        (await CountOnPrimaryAsync(email)).ShouldBe(1);
    }

    [Theory]
    [Trait("Case", "C162")]
    [Trait("Case", "C163")]
    [InlineData(Known, false)]
    [InlineData(New, true)]
    public async Task Get_or_create_inside_a_command_runs_on_the_primary(string email, bool created)
    {
        await using var app = Start();

        await app.SendAsync(new Write(async command => (await GetOrCreateAsync(command.Db, email)).Created.ShouldBe(created)));

        app.Log.OnReplica.ShouldBeEmpty();
        app.Log.OnPrimary.Count(text => text.Contains("INSERT", StringComparison.Ordinal)).ShouldBe(created ? 1 : 0);
        app.Log.OnPrimary.Count(text => text.StartsWith("SELECT", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [Trait("Case", "C163")]
    [InlineData(Known, 1)]
    [InlineData(New, 2)]
    public async Task A_plain_read_and_insert_in_a_command_is_on_the_primary_for_both_outcomes(string email, int commands)
    {
        await using var app = Start();

        await app.SendAsync(new Write(async command =>
        {
            if (await command.Db.Customers.SingleOrDefaultAsync(customer => customer.Email == email) is null)
                command.Db.Add(new Customer { Email = email });
            await command.Db.SaveChangesAsync();
        }));

        app.Log.Counts.ShouldBe((commands, 0));
        (await CountOnPrimaryAsync(email)).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C158")]
    public async Task What_was_found_and_is_tracked_can_be_changed_and_saved_after_another_was_created()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var (ada, _) = await scope.Db.Customers.GetOrCreateAsync(customer => customer.Email == Known, () => new() { Email = Known });
            await GetOrCreateAsync(scope.Db, New);
            ada.Email = "ada@example.com";
            await scope.Db.SaveChangesAsync();
        });

        (await CountOnPrimaryAsync("ada@example.com")).ShouldBe(1);
    }

    // Only then may the replica be asked first.
    private RoutedApp StartUntracked() => Start(options =>
        options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));

    private static async Task<(int Id, bool Created)> GetOrCreateAsync(ShopContext db, string email)
    {
        var (customer, created) = await db.Customers.GetOrCreateAsync(customer => customer.Email == email, () => new() { Email = email });
        customer.Email.ShouldBe(email);
        return (customer.Id, created);
    }

    private async Task InsertOnPrimaryAsync(string email)
    {
        await using var primary = Pair.Direct(Server.Primary);
        primary.Add(new Customer { Email = email });
        await primary.SaveChangesAsync();
    }

    private async Task<int> CountOnPrimaryAsync(string email)
    {
        await using var primary = Pair.Direct(Server.Primary);
        return await primary.Customers.CountAsync(customer => customer.Email == email);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : GetOrCreateTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : GetOrCreateTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
