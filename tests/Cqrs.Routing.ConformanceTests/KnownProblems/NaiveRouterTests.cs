namespace Cqrs.Routing.ConformanceTests.KnownProblems;

/// <summary>Three known problems of a naive router, each compared with this library.</summary>
public abstract class NaiveRouterTests(DatabasePair pair) : ConformanceTest(pair)
{
    /// <summary>A standby refuses the naive router's writes; a mere copy takes them, and they are lost with the next copy.</summary>
    protected abstract bool ReplicaRefusesWrites { get; }

    [Fact]
    [Trait("Case", "C026")]
    public async Task Reads_inside_a_transaction_miss_its_rows_naively_and_see_them_with_us()
    {
        var naive = new NaiveRouter(Pair);
        await using (var command = naive.ContextFor<Write>())
        {
            await using var transaction = await command.Database.BeginTransactionAsync();
            await AddOrderAsync(command);
            naive.Log.Clear();
            await using var query = naive.ContextFor<Read>();
            (await query.Orders.CountAsync()).ShouldBe(1);
        }

        naive.Log.Counts.ShouldBe((0, 1));

        await using var app = Start();
        await app.SendAsync(new Write(async command =>
        {
            await using var transaction = await command.Db.Database.BeginTransactionAsync();
            await AddOrderAsync(command.Db);
            app.Log.Clear();
            (await command.Sender.Send(new Read(async query => await query.Db.Orders.CountAsync()))).ShouldBe(2);
        }));

        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C158")]
    public async Task Get_or_create_reads_the_primary_naively_and_the_replica_with_us()
    {
        var naive = new NaiveRouter(Pair);
        await using (var db = naive.ContextFor<Write>())
            (await GetOrCreateByHandAsync(db, "ada@example.org")).ShouldBeFalse();
        naive.Log.Counts.ShouldBe((1, 0));

        await using var app = StartUntracked();
        await app.InScopeAsync(async scope => (await GetOrCreateAsync(scope.Db, "ada@example.org")).ShouldBeFalse());
        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C159")]
    public async Task Get_or_create_on_the_read_connection_creates_nothing_on_the_primary_naively_and_does_with_us()
    {
        var naive = new NaiveRouter(Pair);
        await using (var db = naive.ContextFor<Read>())
            (await Record.ExceptionAsync(() => GetOrCreateByHandAsync(db, "grace@example.org")) is not null).ShouldBe(ReplicaRefusesWrites);
        naive.Log.Counts.ShouldBe((0, 2));
        (await CountOnPrimaryAsync("grace@example.org")).ShouldBe(0);

        await Pair.ResetAsync();
        await using var app = StartUntracked();
        await app.InScopeAsync(async scope => (await GetOrCreateAsync(scope.Db, "grace@example.org")).ShouldBeTrue());
        app.Log.Counts.ShouldBe((2, 1));
        (await CountOnPrimaryAsync("grace@example.org")).ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C061")]
    public async Task A_write_through_a_polymorphic_relation_reaches_the_replica_naively_and_the_primary_with_us()
    {
        var naive = new NaiveRouter(Pair);
        await using (var db = naive.ContextFor<Read>())
        {
            var order = await db.Orders.SingleAsync();
            (await Record.ExceptionAsync(() => RenameNotesAsync(db, order)) is not null).ShouldBe(ReplicaRefusesWrites);
        }

        naive.Log.Counts.ShouldBe((0, 2));
        (await NoteOnPrimaryAsync()).ShouldBe("first");

        await Pair.ResetAsync();
        await using var app = Start();
        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async query => await query.Db.Orders.AsNoTracking().SingleAsync())))!;
            await Should.ThrowAsync<QueryWriteException>(() => scope.Sender.Send(new Read(query => RenameNotesAsync(query.Db, order))));
            await scope.Sender.Send(new Write(command => RenameNotesAsync(command.Db, order)));
        });
        app.Log.Counts.ShouldBe((1, 1));
        (await NoteOnPrimaryAsync()).ShouldBe("renamed");
    }

    // As the naive router's check tracks nothing, ours need not either: then the replica is asked first.
    private RoutedApp StartUntracked() => Start(options =>
        options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));

    private static async Task AddOrderAsync(ShopContext db)
    {
        db.Add(new Order { Name = "uncommitted" });
        await db.SaveChangesAsync();
    }

    private static async Task<bool> GetOrCreateByHandAsync(ShopContext db, string email)
    {
        if (await db.Customers.AnyAsync(customer => customer.Email == email))
            return false;

        db.Add(new Customer { Id = 50, Email = email });
        await db.SaveChangesAsync();
        return true;
    }

    private static async Task<bool> GetOrCreateAsync(ShopContext db, string email) =>
        (await db.Customers.GetOrCreateAsync(customer => customer.Email == email, () => new() { Email = email })).Created;

    private static Task RenameNotesAsync(ShopContext db, Order order) => db.Notes
        .Where(note => note.ParentType == nameof(Order) && note.ParentId == order.Id)
        .ExecuteUpdateAsync(notes => notes.SetProperty(note => note.Text, "renamed"));

    private async Task<int> CountOnPrimaryAsync(string email)
    {
        await using var primary = Pair.Direct(Server.Primary);
        return await primary.Customers.CountAsync(customer => customer.Email == email);
    }

    private async Task<string> NoteOnPrimaryAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        return (await primary.Notes.SingleAsync()).Text;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : NaiveRouterTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
    {
        protected override bool ReplicaRefusesWrites => false;
    }

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : NaiveRouterTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        protected override bool ReplicaRefusesWrites => true;
    }
}
