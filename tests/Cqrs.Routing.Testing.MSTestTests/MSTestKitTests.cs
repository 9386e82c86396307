namespace Cqrs.Routing.Testing.MSTestTests;

/// <summary>The testing kit under MSTest.</summary>
[TestClass]
public sealed class MSTestKitTests
{
    [TestMethod]
    public async Task A_test_decides_how_far_the_replica_lags()
    {
        await using var app = await NotesApp.StartAsync();
        app.Lag.Freeze();
        await app.AddAsync("one");
        Assert.AreEqual("", await app.SendAsync(new ListNotes()));

        app.Lag.Advance();

        Assert.AreEqual("one", await app.SendAsync(new ListNotes()));
        app.Routes.AssertRoute<ListNotes>(DatabaseRole.Replica);
        app.Lag.Commands.AssertCounts(primary: 1, replica: 2);
        app.Routes.AssertNoQueryWrote();
    }

    [TestMethod]
    public async Task An_assertion_that_does_not_hold_fails_the_test()
    {
        await using var app = await NotesApp.StartAsync();
        await app.SendAsync(new MarkNotesRead());

        var failure = Assert.ThrowsExactly<RoutingAssertionException>(app.Routes.AssertNoQueryWrote);
        Assert.Contains("MarkNotesRead is a query", failure.Message);
    }
}
