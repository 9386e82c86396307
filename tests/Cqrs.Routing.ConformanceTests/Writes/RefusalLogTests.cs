using Cqrs.Routing.ConformanceTests.Configuration;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>A refused write is logged once per request type, since the application may swallow the exception.</summary>
public sealed class RefusalLogTests(PairFixture<SqlitePair> fixture) : WriteTest(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
{
    [Fact]
    [Trait("Case", "C064")]
    public async Task A_refused_write_is_logged_once_per_request_type()
    {
        var log = new LogLines();
        await using var app = Start(options => options.ConfigureServices = log.AddTo);

        for (var time = 0; time < 3; time++)
        {
            await app.SendAsync(new Read(RefusedAsync));
            await app.SendAsync(new ReadFromPrimaryQuery(RefusedAsync));
        }

        var refusals = log.All.Where(line => line.Contains("kept from writing", StringComparison.Ordinal)).ToList();
        refusals.Count.ShouldBe(2);
        refusals[0].ShouldStartWith("Cqrs.Routing.TestKit.Requests.Read is a query and was kept from writing: it sent a command with DELETE through ShopContext. Make the request a command");
        refusals[1].ShouldStartWith("Cqrs.Routing.TestKit.Requests.ReadFromPrimaryQuery ");
        refusals[0].ShouldNotContain("Notes");
        app.Routes.Refusals.Count.ShouldBe(6);

        static async Task RefusedAsync(Handling handling)
        {
            var refusal = await Should.ThrowAsync<QueryWriteException>(() => handling.Db.Database.ExecuteSqlRawAsync("""DELETE FROM "Notes" """));
            refusal.Message.ShouldContain("such as an audit, an outbox or what a notification handler saves, belongs in a context of its own without UseReplica");
        }
    }

    /// <summary>The advice is true: what has no replica is not guarded.</summary>
    [Fact]
    [Trait("Case", "C056")]
    public async Task A_context_without_a_replica_writes_in_a_query()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async _ =>
        {
            await using var audit = Pair.Direct(Server.Primary);
            audit.Add(new Note { ParentType = "Audit", ParentId = 1, Text = "read" });
            await audit.SaveChangesAsync();
        }));

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Notes.CountAsync(note => note.ParentType == "Audit")).ShouldBe(1);
    }
}
