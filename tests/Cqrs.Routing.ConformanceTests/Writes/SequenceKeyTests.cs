using Cqrs.Routing.ConformanceTests.Mappings;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: keys that EF fetches from a sequence while code adds an entity, before SaveChanges.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SequenceKeyTests(PairFixture<PostgresPairDatabase> fixture) : MappingTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    [Trait("Case", "C068")]
    public async Task Adding_an_entity_whose_key_comes_from_a_sequence_is_refused_in_a_query()
    {
        // The other test's command has fetched a block of keys, of which EF would give one without asking the database.
        InternalServiceProviders.Forget();
        await using var app = await StartMappingsAsync();
        var before = await LastNumberAsync();

        await RefusedAsync<MappingContext>(
            app,
            async handling =>
            {
                await Task.Yield();
                MappingsOf(handling).Add(new Ticket { Visitor = "Ada" });
            },
            namesContext: false);
        await RefusedAsync<MappingContext>(
            app,
            async handling => await MappingsOf(handling).AddAsync(new Ticket { Visitor = "Ada" }),
            namesContext: false);

        (await LastNumberAsync()).ShouldBe(before);
    }

    [Fact]
    [Trait("Case", "C068")]
    public async Task A_command_gets_its_keys_from_the_primary_after_a_query_was_refused()
    {
        InternalServiceProviders.Forget();
        await using var app = await StartMappingsAsync();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling =>
                await Should.ThrowAsync<QueryWriteException>(async () => await MappingsOf(handling).AddAsync(new Ticket { Visitor = "Ada" }))));
            app.Log.Counts.ShouldBe((0, 0));
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                await MappingsOf(handling).AddAsync(new Ticket { Visitor = "Grace" });
                await MappingsOf(handling).SaveChangesAsync();
            }));
        });

        app.Log.OnReplica.ShouldBeEmpty();
        await using var primary = Direct(Server.Primary);
        (await primary.Tickets.Select(ticket => ticket.Visitor).ToListAsync()).ShouldBe(["Grace"]);
    }

    private async Task<string> LastNumberAsync()
    {
        await using var primary = Direct(Server.Primary);
        return await primary.Database.SqlQueryRaw<string>("SELECT last_value || ' ' || is_called AS \"Value\" FROM ticket_numbers").SingleAsync();
    }
}
