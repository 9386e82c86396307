namespace Cqrs.Routing.MistakeTests.Markers;

public sealed class ConventionTests
{
    [Fact]
    public async Task Conventions_that_both_match_a_request_are_refused_when_it_is_sent()
    {
        await using var app = ShopApp.CreateRight(routing => routing.TreatAsQuery(type => type.Name.StartsWith("Get", StringComparison.Ordinal)).TreatAsCommand(_ => true));
        app.Services.AddTransient<IRequestHandler<GetPrices, object?>, GetPricesHandler>();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new GetPrices()))).ShouldSay("'ConventionTests.GetPrices'", "matches a query and a command convention", "not both");
    }

    [Fact]
    public async Task Conventions_that_both_match_a_request_are_an_error_of_the_self_check()
    {
        await using var app = ShopApp.CreateRight(routing => routing.TreatAsQuery(_ => true).TreatAsCommand(_ => true));
        app.Services.AddTransient<IRequestHandler<GetPrices, object?>, GetPricesHandler>();

        var report = await app.CheckAsync();

        report.Passed.ShouldBeFalse();
        report.ToString().ShouldSay("'ConventionTests.GetPrices'", "matches a query and a command convention");
    }

    [Fact]
    public async Task A_convention_that_contradicts_a_marker_loses()
    {
        await using var app = ShopApp.CreateRight(routing => routing.TreatAsCommand(_ => true));

        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public void A_class_as_a_marker_says_what_to_use() =>
        Should.Throw<ArgumentException>(() => new RoutingOptions().AddQueryMarker(typeof(GetPrices))).ShouldSay("ConventionTests.GetPrices cannot mark requests", "Use an interface");

    [Fact]
    public void A_closed_generic_marker_says_what_to_use() =>
        Should.Throw<ArgumentException>(() => new RoutingOptions().AddQueryMarker(typeof(IRequest<string>))).ShouldSay("IRequest<String> cannot mark requests", "typeof(IQuery<>)");

    [Fact]
    public void An_attribute_as_a_marker_says_what_to_use() =>
        Should.Throw<ArgumentException>(() => new RoutingOptions().AddCommandMarker(typeof(SerializableAttribute))).ShouldSay("SerializableAttribute cannot mark requests", "Use an interface");

    [Fact]
    public async Task The_mediators_own_interface_as_a_query_marker_makes_every_command_ambiguous()
    {
        await using var app = ShopApp.CreateRight(routing => routing.AddQueryMarker(typeof(IRequest<>)));

        (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(PlaceOrder.Right))).ShouldSay("'PlaceOrder'", "both a query and a command marker");
    }

    [Fact]
    public void A_blank_suffix_is_refused() =>
        Should.Throw<ArgumentException>(() => new RoutingOptions().ClassifyByNameSuffix(querySuffix: "")).ParamName.ShouldBe("querySuffix");

    [Fact]
    public void A_session_lifetime_of_zero_says_what_is_possible() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RoutingOptions { SessionLifetime = TimeSpan.Zero }).ShouldSay("RoutingOptions.SessionLifetime", "above zero and at most one day", "seconds or minutes");

    [Fact]
    public void A_session_lifetime_of_a_week_says_what_is_possible() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RoutingOptions { SessionLifetime = TimeSpan.FromDays(7) }).ShouldSay("RoutingOptions.SessionLifetime", "at most one day");

    public sealed record GetPrices : IRequest<object?>;

    private sealed class GetPricesHandler(IServiceProvider services) : IRequestHandler<GetPrices, object?>
    {
        public Task<object?> Handle(GetPrices request, CancellationToken cancellationToken) => new Work(services, cancellationToken).ReadAsync();
    }
}
