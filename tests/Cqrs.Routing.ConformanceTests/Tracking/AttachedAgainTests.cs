namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Faults A7 to A9: commands attach entities of a query with owned parts or shadow values.</summary>
public abstract class AttachedAgainTests(DatabasePair pair) : TrackingTest(pair)
{
    [Fact]
    [Trait("Fault", "A7")]
    public async Task A_command_adds_to_nested_JSON_that_a_query_tracked() => await ShouldBeAsInPlainEfAsync("1, 3", AddToNestedJsonAsync);

    [Fact]
    [Trait("Fault", "A7")]
    public async Task A_command_adds_to_nested_JSON_that_a_query_tracked_from_what_the_primary_has()
    {
        (await RunLaggingAsync(AddToNestedJsonAsync)).ShouldBe("1, 3");

        await using var primary = Direct(Server.Primary);
        (await primary.Shipments.AsNoTracking().SingleAsync()).Parcels.Single().Code.ShouldBe(DatabasePair.Current);
    }

    [Fact]
    [Trait("Fault", "A8")]
    public async Task What_a_query_returned_is_attached_with_its_owned_collection() => await ShouldBeAsInPlainEfAsync("1", AttachWithOwnedCollectionAsync);

    [Fact]
    [Trait("Fault", "A8")]
    public async Task What_a_query_returned_is_attached_with_its_owned_collection_whatever_the_lag() =>
        (await RunLaggingAsync(AttachWithOwnedCollectionAsync)).ShouldBe("1");

    [Fact]
    [Trait("Fault", "A8")]
    public async Task What_a_query_returned_is_attached_with_its_shadow_token() => await ShouldBeAsInPlainEfAsync("1", AttachWithShadowTokenAsync);

    [Fact]
    [Trait("Fault", "A8")]
    public async Task What_a_query_returned_is_attached_with_its_shadow_token_whatever_the_lag() =>
        (await RunLaggingAsync(AttachWithShadowTokenAsync)).ShouldBe("1");

    [Fact]
    [Trait("Fault", "A9")]
    public async Task A_store_updates_what_it_found_after_it_has_looked_for_duplicates() => await ShouldBeAsInPlainEfAsync("1, 1", UpdateInAStoreAsync);

    [Fact]
    [Trait("Fault", "A9")]
    public async Task A_store_updates_what_it_found_after_it_has_looked_for_duplicates_whatever_the_lag() =>
        (await RunLaggingAsync(UpdateInAStoreAsync)).ShouldBe("1, 1");

    [Fact]
    [Trait("Fault", "A9")]
    public async Task A_store_updates_a_copy_of_what_it_found_after_it_has_let_go_of_it() => await ShouldBeAsInPlainEfAsync("1", UpdateACopyAsync);

    [Fact]
    [Trait("Fault", "A9")]
    public async Task A_store_deletes_what_it_found_after_it_has_found_it_again() => await ShouldBeAsInPlainEfAsync("1", DeleteInAStoreAsync);

    private static async Task<string> AddToNestedJsonAsync(Caller caller)
    {
        await caller.QueryAsync(db => db.Shipments.ToListAsync());
        return await caller.CommandAsync(async db =>
        {
            var shipment = await db.Shipments.SingleAsync();
            shipment.Parcels.Single().Items.Add(new() { Product = "jam" });
            var saved = await db.SaveChangesAsync();
            return $"{saved}, {(await db.Shipments.AsNoTracking().SingleAsync()).Parcels.Single().Items.Count}";
        });
    }

    private static async Task<string> AttachWithOwnedCollectionAsync(Caller caller)
    {
        var truck = await caller.QueryAsync(db => db.Trucks.SingleAsync());
        return await caller.CommandAsync(async db =>
        {
            db.Attach(truck);
            truck.Stops[0].City = "Oslo";
            return $"{await db.SaveChangesAsync()}";
        });
    }

    private static async Task<string> AttachWithShadowTokenAsync(Caller caller)
    {
        var driver = await caller.QueryAsync(db => db.Drivers.IgnoreAutoIncludes().SingleAsync());
        return await caller.CommandAsync(async db =>
        {
            db.Attach(driver);
            driver.Name = "changed";
            return $"{await db.SaveChangesAsync()}";
        });
    }

    // As UserManager.UpdateAsync and a store of ASP.NET Core Identity do: validate, attach, give a new token, update, save.
    private static async Task<string> UpdateInAStoreAsync(Caller caller)
    {
        var found = await caller.QueryAsync(db => db.Orders.SingleOrDefaultAsync(order => order.Id == 1));
        found.ShouldNotBeNull();
        return await caller.CommandAsync(async db =>
        {
            var sameName = await db.Orders.SingleOrDefaultAsync(order => order.Name == found.Name);
            sameName?.Id.ShouldBe(found.Id);
            db.Attach(found);
            found.Version++;
            found.Name = "changed";
            db.Update(found);
            return $"{await db.SaveChangesAsync()}, {found.Version}";
        });
    }

    private static async Task<string> UpdateACopyAsync(Caller caller)
    {
        var found = await caller.QueryAsync(db => db.Customers.SingleAsync());
        return await caller.CommandAsync(async db =>
        {
            if (db.Customers.Local.FindEntry(found.Id) is { } tracked)
                tracked.State = EntityState.Detached;
            db.Update(new Customer { Id = found.Id, Email = "grace@example.org" });
            return $"{await db.SaveChangesAsync()}";
        });
    }

    private static async Task<string> DeleteInAStoreAsync(Caller caller)
    {
        var found = await caller.QueryAsync(db => db.Lines.SingleAsync(line => line.Id == 1));
        return await caller.CommandAsync(async db =>
        {
            await db.Lines.SingleAsync(line => line.Id == 1);
            db.Remove(found);
            return $"{await db.SaveChangesAsync()}";
        });
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : AttachedAgainTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : AttachedAgainTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : AttachedAgainTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
