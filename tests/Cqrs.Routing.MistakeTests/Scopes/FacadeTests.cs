namespace Cqrs.Routing.MistakeTests.Scopes;

/// <summary>The methods on <c>Database</c>.</summary>
public sealed class FacadeTests
{
    [Fact]
    public async Task WaitForReplicaAsync_without_UseReplica_says_what_to_call()
    {
        await using var app = ShopApp.CreatePlain();

        (await Should.ThrowAsync<InvalidOperationException>(() => WaitAsync(app))).ShouldSay("ShopContext", "UseReplica(...)");
    }

    [Fact]
    public async Task WaitForReplicaAsync_with_InMemory_says_that_there_is_no_replica()
    {
        await using var app = CreateInMemory();

        (await Should.ThrowAsync<InvalidOperationException>(() => WaitAsync(app))).ShouldSay("ShopContext does not call UseReplica, or its provider is not relational", "InMemory");
    }

    [Fact]
    public async Task ExplainRoute_with_InMemory_says_that_the_context_is_not_routed()
    {
        await using var app = CreateInMemory();

        (await app.SendAsync(new PlaceOrder(work => Task.FromResult<object?>(work.Shop.Database.ExplainRoute())))).ShouldBeOfType<RouteExplanation>().ToString().ShouldBe("Primary (NoReplica): ShopContext does not call UseReplica, or its provider is not relational, so it is not routed");
    }

    [Fact]
    public async Task WaitForReplicaAsync_without_a_replica_says_what_is_missing()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(null)).AddMediator().AddRouting();

        (await Should.ThrowAsync<InvalidOperationException>(() => WaitAsync(app))).ShouldSay("ShopContext has no replica to wait for", "UseReplica was called without one", "connection string");
    }

    [Fact]
    public async Task WaitForReplicaAsync_without_positions_says_what_to_name()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<InvalidOperationException>(() => WaitAsync(app))).ShouldSay("ShopContext has no position source", "replica.PositionSource = ...");
    }

    [Fact]
    public async Task WaitForReplicaAsync_with_a_time_of_zero_says_what_is_possible()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<ArgumentOutOfRangeException>(() => WaitAsync(app, TimeSpan.Zero))).ShouldSay("must be above zero", "Timeout.InfiniteTimeSpan");
    }

    [Fact]
    public async Task WaitForReplicaAsync_while_replication_stands_still_says_how_much_is_missing()
    {
        using var lag = new Cqrs.Routing.Testing.LagSimulator();
        await using var app = new ShopApp();
        app.AddShop(options => options.UseLagSimulator(lag)).AddMediator().AddRouting();
        await app.InScopeAsync(work => work.Shop.Database.EnsureCreatedAsync());
        lag.Freeze();
        await app.InScopeAsync(work => work.SaveAsync());

        (await Should.ThrowAsync<TimeoutException>(() => WaitAsync(app, TimeSpan.FromMilliseconds(500)))).ShouldSay("The replica of ShopContext has not caught up", "1 are missing", "Is replication running?");
    }

    [Fact]
    public async Task SetReplicaConnectionString_without_UseReplica_says_what_to_call()
    {
        await using var app = ShopApp.CreatePlain();

        (await Should.ThrowAsync<InvalidOperationException>(() => SetAsync(app, app.Replica))).ShouldSay("ShopContext", "UseReplica(null) is enough");
    }

    [Fact]
    public async Task SetReplicaConnectionString_with_a_blank_string_says_what_to_pass()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<ArgumentException>(() => SetAsync(app, " "))).ShouldSay("The replica's connection string is blank", "or null");
    }

    [Fact]
    public async Task SetReplicaConnectionString_with_a_string_of_another_provider_says_what_to_pass()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new GetReport(work =>
        {
            work.Shop.Database.SetReplicaConnectionString("Host=reader");
            return work.ReadAsync();
        })))).ShouldSay("The replica of ShopContext cannot be used with Sqlite", "a connection string that this provider accepts");
    }

    [Fact]
    public async Task SetReplicaConnectionString_while_the_replica_is_open_says_what_to_close()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new GetReport(async work =>
        {
            await work.Shop.Database.OpenConnectionAsync();
            work.Shop.Database.SetReplicaConnectionString(app.FileOf("other.db"));
            return null;
        })))).ShouldSay("ShopContext", "cannot be changed while its connection is open", "Close it first");
    }

    [Fact]
    public async Task ExplainRoute_without_UseReplica_does_not_name_the_replica()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary)).AddMediator().AddRouting();

        var explained = (RouteExplanation)(await app.SendAsync(new GetReport(work => Task.FromResult<object?>(work.Shop.Database.ExplainRoute()))))!;

        explained.Decision.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoReplica));
        explained.Steps.ShouldHaveSingleItem().ShouldStartWith("ShopContext does not call UseReplica");
    }

    [Fact]
    public async Task ExplainRoute_outside_a_request_says_so()
    {
        await using var app = ShopApp.CreateRight();

        (await app.InScopeAsync(work => Task.FromResult(work.Shop.Database.ExplainRoute()))).Steps.ShouldBe(["no request is running"]);
    }

    private static ShopApp CreateInMemory()
    {
        var app = new ShopApp();
        return app.AddShop(options => options.UseInMemoryDatabase(app.Primary).UseReplica(app.Replica)).AddMediator().AddRouting();
    }

    private static Task<object?> WaitAsync(ShopApp app, TimeSpan? timeout = null) => app.InScopeAsync<object?>(async work =>
    {
        await work.Shop.Database.WaitForReplicaAsync(timeout ?? TimeSpan.FromSeconds(5));
        return null;
    });

    private static Task<object?> SetAsync(ShopApp app, string replica) => app.InScopeAsync(work =>
    {
        work.Shop.Database.SetReplicaConnectionString(replica);
        return Task.FromResult<object?>(null);
    });
}
