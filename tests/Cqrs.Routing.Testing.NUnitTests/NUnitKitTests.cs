namespace Cqrs.Routing.Testing.NUnitTests;

/// <summary>The testing kit under NUnit.</summary>
public sealed class NUnitKitTests
{
    [Test]
    public async Task A_test_decides_how_far_the_replica_lags()
    {
        await using var app = await NotesApp.StartAsync();
        app.Lag.Freeze();
        await app.AddAsync("one");
        Assert.That(await app.SendAsync(new ListNotes()), Is.Empty);

        app.Lag.Advance();

        Assert.That(await app.SendAsync(new ListNotes()), Is.EqualTo("one"));
        app.Routes.AssertRoute<ListNotes>(DatabaseRole.Replica);
        app.Lag.Commands.AssertCounts(primary: 1, replica: 2);
        app.Routes.AssertNoQueryWrote();
    }

    [Test]
    public async Task An_assertion_that_does_not_hold_fails_the_test()
    {
        await using var app = await NotesApp.StartAsync();
        await app.SendAsync(new MarkNotesRead());

        Assert.That(app.Routes.AssertNoQueryWrote, Throws.TypeOf<RoutingAssertionException>().With.Message.Contains("MarkNotesRead is a query"));
    }
}
