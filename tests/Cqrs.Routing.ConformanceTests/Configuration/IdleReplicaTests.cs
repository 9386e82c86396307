using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>What is said of queries that never reach the replica: why, and nothing where there is no replica to reach.</summary>
public sealed class IdleReplicaTests(PairFixture<SqlitePair> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
{
    private const int MoreThanEnough = 60;

    private readonly LogLines _lines = new();

    [Fact]
    [Trait("Case", "C203")]
    public async Task Without_a_replica_a_transaction_around_every_query_raises_no_warning()
    {
        await using var app = StartLogged(options => options.ConfigureContext = static (context, _) => context.UseReplica(null));

        await RepeatAsync(() => InTransactionAsync(app));

        _lines.All.ShouldBeEmpty();
        app.Routes.Records.Where(record => record.Context is not null)
            .ShouldAllBe(record => record.Reason == RouteReason.NoReplica);
    }

    [Fact]
    [Trait("Case", "C203")]
    public async Task Without_a_replica_queries_after_a_command_of_the_same_scope_raise_no_warning()
    {
        await using var app = StartLogged(options => options.ConfigureContext = static (context, _) => context.UseReplica(null));

        await RepeatAsync(() => AfterCommandAsync(app));

        _lines.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_query_that_an_open_connection_of_the_applications_serves_has_one_reason()
    {
        await using var connection = new SqliteConnection(Pair.Primary);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var app = Start(options => options.AddContexts = (services, log) =>
            services.AddDbContext<ShopContext>(builder => builder.UseSqlite(connection).UseReplica(Pair.Replica).AddInterceptors(log)));

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync() + await handling.Db.Orders.CountAsync()));

        app.Routes.Of<Read>().Where(record => record.Context is not null)
            .ShouldHaveSingleItem().Reason.ShouldBe(RouteReason.ReplicaInactive);
    }

    [Fact]
    public async Task A_transaction_around_every_query_is_told_of_once()
    {
        await using var app = StartLogged();

        await RepeatAsync(() => InTransactionAsync(app));

        _lines.All.ShouldHaveSingleItem().ShouldContain("open it around commands only");
    }

    [Fact]
    public async Task A_scope_that_ran_a_command_before_every_query_is_told_of_once()
    {
        await using var app = StartLogged();

        await RepeatAsync(() => AfterCommandAsync(app));

        _lines.All.ShouldHaveSingleItem().ShouldContain("a scope of its own");
    }

    private RoutedApp StartLogged(Action<RoutedAppOptions>? configure = null) => Start(options =>
    {
        options.ConfigureServices = _lines.AddTo;
        configure?.Invoke(options);
    });

    private static async Task RepeatAsync(Func<Task> work)
    {
        for (var i = 0; i < MoreThanEnough; i++)
            await work();
    }

    private static Task InTransactionAsync(RoutedApp app) => app.InScopeAsync(async scope =>
    {
        await using var transaction = await scope.Db.Database.BeginTransactionAsync();
        await scope.Sender.Send(Count);
    });

    private static Task AfterCommandAsync(RoutedApp app) => app.InScopeAsync(async scope =>
    {
        await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.CountAsync()));
        await scope.Sender.Send(Count);
    });

    private static Read Count => new(async handling => await handling.Db.Orders.CountAsync());
}
