using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Diagnostics;

/// <summary>Group K: the metrics and their names.</summary>
public sealed class MetricTests(PairFixture<SqlitePair> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
{
    [Fact]
    [Trait("Case", "C225")]
    public async Task A_decision_is_counted_once_per_request_and_context_with_its_reason()
    {
        using var counted = new Measurements("MetricTests.Orders.Query");
        await using var app = StartWithOwnRequests();

        await app.SendAsync(new Orders.Query());
        await app.SendAsync(new WriteNothingBack(handling => handling.Sender.Send(new Orders.Query())));

        counted.All.ShouldBe(["cqrs.routing.decisions 1 ShopContext Replica Query", "cqrs.routing.decisions 1 ShopContext Primary InsideCommand"]);
    }

    [Fact]
    public async Task Requests_of_one_name_are_told_apart_by_their_namespace()
    {
        using var counted = new Measurements("Cqrs.Routing.ConformanceTests.Diagnostics.MetricTests.Lines.Query");
        await using var app = StartWithOwnRequests();

        await app.SendAsync(new Lines.Query());

        counted.All.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refusal_is_counted_by_what_was_refused()
    {
        using var counted = new Measurements("MetricTests.Bad");
        await using var app = StartWithOwnRequests();

        await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new BadWrite()));
        await Should.ThrowAsync<CommandInQueryException>(() => app.SendAsync(new BadCommand()));

        counted.All.Where(line => line.StartsWith("cqrs.routing.refusals")).ShouldBe(["cqrs.routing.refusals 1 Write", "cqrs.routing.refusals 1 Command"]);
    }

    [Fact]
    public async Task In_shadow_mode_findings_are_counted_and_refusals_are_not()
    {
        using var counted = new Measurements("MetricTests.ShadowWrite");
        await using var app = StartWithOwnRequests(services => services.Configure<RoutingRolloutOptions>(static rollout => rollout.Percent = 0));

        await app.SendAsync(new ShadowWrite());

        counted.All.ShouldBe(
            ["cqrs.routing.shadow.findings 1 Query", "cqrs.routing.decisions 1 ShopContext Primary Shadow", "cqrs.routing.shadow.findings 1 Write"], ignoreOrder: true);
    }

    private RoutedApp StartWithOwnRequests(Action<IServiceCollection>? configure = null) => Start(options => options.ConfigureServicesLater = services =>
    {
        services.AddTransient<IRequestHandler<Orders.Query, int>, Handler>();
        services.AddTransient<IRequestHandler<Lines.Query, int>, Handler>();
        services.AddTransient<IRequestHandler<BadWrite, int>, Handler>();
        services.AddTransient<IRequestHandler<BadCommand, int>, Handler>();
        services.AddTransient<IRequestHandler<ShadowWrite, int>, Handler>();
        configure?.Invoke(services);
    });

    private static class Orders
    {
        public sealed record Query : IQuery<int>;
    }

    private static class Lines
    {
        public sealed record Query : IQuery<int>;
    }

    private sealed record BadWrite : IQuery<int>;

    private sealed record BadCommand : IQuery<int>;

    private sealed record ShadowWrite : IQuery<int>;

    private sealed class Handler(ShopContext db, ISender sender)
        : IQueryHandler<Orders.Query, int>, IQueryHandler<Lines.Query, int>, IQueryHandler<BadWrite, int>, IQueryHandler<BadCommand, int>, IQueryHandler<ShadowWrite, int>
    {
        public Task<int> Handle(Orders.Query query, CancellationToken cancellationToken) => db.Orders.CountAsync(cancellationToken);

        public Task<int> Handle(Lines.Query query, CancellationToken cancellationToken) => db.Lines.CountAsync(cancellationToken);

        public Task<int> Handle(BadWrite query, CancellationToken cancellationToken) => db.Lines.ExecuteDeleteAsync(cancellationToken);

        public Task<int> Handle(ShadowWrite query, CancellationToken cancellationToken) => db.Lines.ExecuteDeleteAsync(cancellationToken);

        public async Task<int> Handle(BadCommand query, CancellationToken cancellationToken)
        {
            await sender.Send(new WriteNothingBack(_ => Task.CompletedTask), cancellationToken);
            return 0;
        }
    }
}
