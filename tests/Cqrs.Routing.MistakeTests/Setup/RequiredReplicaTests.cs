namespace Cqrs.Routing.MistakeTests.Setup;

/// <summary>The replica's string is missing: <c>GetConnectionString</c> returns null for a misspelled name.</summary>
public sealed class RequiredReplicaTests
{
    private const string? Misspelled = null;

    [Fact]
    public async Task A_misspelled_name_of_the_string_is_seen_in_the_self_check()
    {
        await using var app = CreateWithout(_ => { });

        (await app.CheckAsync()).ToString().ShouldSay("ShopContext: it has no replica, because UseReplica got no connection string");
    }

    [Fact]
    public async Task A_misspelled_name_of_the_string_keeps_the_host_from_starting_if_a_replica_is_required()
    {
        await using var app = CreateWithout(routing => routing.RequireReplica = true);

        (await Should.ThrowAsync<Exception>(app.StartAsync)).ShouldSay("RoutingOptions.RequireReplica", "ShopContext called UseReplica without a replica", "Pass its connection string");
    }

    [Fact]
    public async Task A_required_replica_that_is_missing_fails_a_query_where_no_host_starts()
    {
        await using var app = CreateWithout(routing => routing.RequireReplica = true);

        (await Should.ThrowAsync<InvalidOperationException>(app.ReadAsync)).ShouldSay("RoutingOptions.RequireReplica", "ShopContext", "Pass its connection string");
    }

    [Fact]
    public async Task A_required_replica_without_any_UseReplica_keeps_the_host_from_starting()
    {
        await using var app = ShopApp.CreatePlain();
        app.AddRouting(routing => routing.RequireReplica = true);

        (await Should.ThrowAsync<Exception>(app.StartAsync)).ShouldSay("RoutingOptions.RequireReplica", "no registered context has a replica", ".UseReplica(\"...\")");
    }

    [Fact]
    public async Task A_mirror_where_a_replica_is_required_is_an_error_of_the_self_check()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplicaMirror()).AddMediator().AddRouting(routing => routing.RequireReplica = true);

        var report = await app.CheckAsync();

        report.Passed.ShouldBeFalse();
        report.ToString().ShouldSay("ShopContext", "its replica is a mirror, which is for tests", "UseReplica(");
    }

    [Fact]
    public async Task A_mirror_left_in_production_is_a_warning_of_the_self_check()
    {
        await using var app = new ShopApp();
        app.AddShop(options => options.UseSqlite(app.Primary).UseReplicaMirror()).AddMediator().AddRouting();

        (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning).Message.ShouldSay("mirror, which is for tests", "UseReplica(");
    }

    private static ShopApp CreateWithout(Action<RoutingOptions> routing)
    {
        var app = new ShopApp();
        return app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(Misspelled)).AddMediator().AddRouting(routing);
    }
}
