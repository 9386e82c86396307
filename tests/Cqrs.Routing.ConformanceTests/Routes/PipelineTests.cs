using MediatR;
using MediatR.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: every part of a request's pipeline uses the route of the request.</summary>
public abstract class PipelineTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C003")]
    public async Task A_command_without_a_result_is_routed_to_the_primary()
    {
        await using var app = Start();
        RouteDecision? inside = null;

        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            inside = RouteScope.Current;
            await handling.Db.Orders.CountAsync();
            await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        }));

        inside.ShouldBe(new(DatabaseRole.Primary, RouteReason.Command));
        app.Log.Counts.ShouldBe((2, 0));
        app.Routes.GetRecords<Read>().ShouldAllBe(record => record.Reason == RouteReason.InsideCommand);
    }

    [Theory]
    [Trait("Case", "C012")]
    [Trait("Case", "C212")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behaviors_and_pre_processors_read_where_their_command_does_whenever_they_were_registered(bool first)
    {
        await using var app = StartWithReaders(first);

        await app.SendAsync(new Write(async handling => await handling.Db.Orders.CountAsync()));

        ShouldHaveSeen(app, DatabasePair.Current);
        app.Log.Counts.ShouldBe((4, 0));
    }

    [Theory]
    [Trait("Case", "C012")]
    [Trait("Case", "C212")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behaviors_and_pre_processors_read_where_their_query_does_whenever_they_were_registered(bool first)
    {
        await using var app = StartWithReaders(first);

        await app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync()));

        ShouldHaveSeen(app, DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 4));
    }

    [Fact]
    [Trait("Case", "C012")]
    public async Task A_behavior_of_a_command_that_follows_a_query_in_the_same_scope_reads_on_the_primary()
    {
        await using var app = StartWithReaders(first: true);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.CountAsync()));
            app.Log.Clear();
            app.Services.GetRequiredService<PipelineReads>().Seen.Clear();
            await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.CountAsync()));
        });

        ShouldHaveSeen(app, DatabasePair.Current);
        app.Log.Counts.ShouldBe((4, 0));
    }

    private static void ShouldHaveSeen(RoutedApp app, string name) => app.Services.GetRequiredService<PipelineReads>().Seen
        .OrderBy(seen => seen.Who)
        .ShouldBe([("behavior after", name), ("behavior before", name), ("pre-processor", name)]);

    private RoutedApp StartWithReaders(bool first) => Start(options =>
    {
        if (first)
            options.ConfigureServices = AddReaders;
        else
            options.ConfigureServicesLater = AddReaders;
    });

    private static void AddReaders(IServiceCollection services) => services
        .AddSingleton<PipelineReads>()
        .AddTransient(typeof(IRequestPreProcessor<>), typeof(ReadingPreProcessor<>))
        .AddTransient(typeof(IPipelineBehavior<,>), typeof(RequestPreProcessorBehavior<,>))
        .AddTransient(typeof(IPipelineBehavior<,>), typeof(ReadingBehavior<,>));

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : PipelineTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : PipelineTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
