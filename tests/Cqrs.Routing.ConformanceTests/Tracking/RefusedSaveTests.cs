using Cqrs.Routing.ConformanceTests.Tracking.Model;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Fault A14: a later command does not save changes whose save was refused in a query.</summary>
public abstract class RefusedSaveTests(DatabasePair pair) : TrackingTest(pair)
{
    [Theory]
    [Trait("Fault", "A14")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_that_was_refused_is_not_saved_by_the_next_command(bool queryCatches) =>
        await OnlyTheCommandsRowIsSavedAsync(async db => (await db.Orders.SingleAsync()).Name = "refused", queryCatches);

    [Theory]
    [Trait("Fault", "A14")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_row_that_was_refused_is_not_saved_by_the_next_command(bool queryCatches) => await OnlyTheCommandsRowIsSavedAsync(
        db =>
        {
            db.AddRange(new Tag { Label = "refused" }, new Tag { Label = "refused as well" });
            return Task.CompletedTask;
        },
        queryCatches);

    [Theory]
    [Trait("Fault", "A14")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deletion_that_was_refused_is_not_done_by_the_next_command(bool queryCatches) =>
        await OnlyTheCommandsRowIsSavedAsync(async db => db.Remove(await db.Lines.SingleAsync(line => line.Id == 1)), queryCatches);

    private async Task OnlyTheCommandsRowIsSavedAsync(Func<TrackingContext, Task> change, bool queryCatches)
    {
        await SeedAsync();
        var before = await ContentAsync();
        await using var app = StartRouted();

        await app.InScopeAsync(async scope =>
        {
            var caller = new Caller(scope, Pair, lags: true);
            Task<QueryWriteException> RefusedAsync(Func<Task> save) => Should.ThrowAsync<QueryWriteException>(save);
            async Task<int> ChangeAsync(TrackingContext db)
            {
                await change(db);
                if (queryCatches)
                    await RefusedAsync(() => db.SaveChangesAsync());
                else
                    await db.SaveChangesAsync();
                return 0;
            }

            if (queryCatches)
                await caller.QueryAsync(ChangeAsync);
            else
                await RefusedAsync(() => caller.QueryAsync(ChangeAsync));
            (await caller.CommandAsync(db =>
            {
                db.Add(new Note { Id = 7, ParentType = nameof(Order), ParentId = 1, Text = "saved" });
                return db.SaveChangesAsync();
            })).ShouldBe(1);
        });

        (await ContentAsync()).ShouldBe(before.Replace("Notes: \n", "Notes: 7 Order 1 saved\n", StringComparison.Ordinal));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RefusedSaveTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : RefusedSaveTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RefusedSaveTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
