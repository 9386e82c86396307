using Cqrs.Routing.ConformanceTests.Consistency;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Shadow;

/// <summary>In shadow mode the library asks the replica, beside the request, whether a query would have been stale.</summary>
public sealed class ShadowStalenessTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task A_session_reads_what_it_wrote_and_the_replica_would_not_have_had_it()
    {
        await using var app = StartInShadow();
        await app.SendAsync(ReadName);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename("written"));
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });

        var found = await AskedAsync(app);
        app.Log.OnReplica.ShouldBeEmpty();
        (found.Runs, found.Sampled, found.Stale, found.Escalated).ShouldBe((2, 1, 1, 1));
        found.Outcomes[RouteReason.Query].ShouldBe(2);
        ReportOf(app).ToString().ShouldContain("Read would have been stale in 1 of 1 run for which the replica was asked: it had not replayed what the session had written.");
    }

    [Fact]
    public async Task A_replica_that_has_caught_up_would_have_served()
    {
        await using var app = StartInShadow();
        var token = await WriteAsync(app, "written");
        await Pair.ReplicateAsync();

        (await ReadAsync(app, token)).ShouldBe("written");

        var found = await AskedAsync(app);
        (found.Sampled, found.Escalated).ShouldBe((1, 0));
        ReportOf(app).ToString().ShouldContain("Ready for the replica: Read (1).");
    }

    [Fact]
    public async Task A_query_does_not_wait_for_a_replica_that_does_not_tell_its_position()
    {
        await using var app = StartInShadow();
        Positions.OnReplica = "SELECT '', 0 FROM pg_sleep(60)";
        var token = await WriteAsync(app, "written");

        (await ReadAsync(app, token)).ShouldBe("written");
        (await ReadAsync(app, token)).ShouldBe("written");

        var found = Found(app);
        (found.Runs, found.Sampled).ShouldBe((2, 0));
        (await AskedAsync(app)).Outcomes[RouteReason.PositionUnknown].ShouldBe(1);
        Positions.Reads.Replica.ShouldBe(1);
    }

    [Fact]
    public async Task A_replica_that_is_down_fails_no_request()
    {
        await using var app = StartInShadow(options => options.ConfigureContext = (context, pair) =>
            context.UseReplica(pair.Replica + ";Port=2", replica => replica.PositionSource = Positions));

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(Rename("written"));
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });

        (await AskedAsync(app)).Outcomes[RouteReason.PositionUnknown].ShouldBe(1);
    }

    [Fact]
    public async Task A_replica_that_does_not_answer_is_found_out_by_queries_that_need_nothing_of_it()
    {
        await using var app = StartInShadow(options => options.ConfigureContext = static (context, pair) => context.UseReplica(pair.Replica + ";Port=1"));

        await UntilAsync(async () => Found(app, await app.SendAsync(ReadName)).Outcomes.ContainsKey(RouteReason.ReplicaUnavailable));

        ReportOf(app).ToString().ShouldContain("would have run on the primary after all (ReplicaUnavailable): the replica does not answer, or could not serve it.");
    }

    [Fact]
    public async Task What_a_query_in_shadow_mode_writes_is_seen_by_the_next_one_that_is_routed()
    {
        await using var app = StartInShadow(rollout: options => options.Requests[nameof(ReadFromPrimaryQuery)] = 0, replica: choices => choices.MonotonicReads = false);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new ReadFromPrimaryQuery(inner => RenameAsync(inner.Db, "written by a query")));
            (await scope.Sender.Send(ReadName)).ShouldBe("written by a query");
        });

        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.NotCaughtUp);
    }

    [Fact]
    public async Task Time_does_not_go_backwards_from_a_query_in_shadow_mode_to_one_that_is_routed()
    {
        await using var app = StartInShadow(rollout: options => options.Requests["ShadowStalenessTests.Other"] = 0, configure: AddOther);

        await app.InScopeAsync(async scope =>
        {
            (await scope.Sender.Send(new Other())).ShouldBe(DatabasePair.Current);
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
        });
    }

    [Fact]
    public async Task Where_nothing_is_routed_a_session_that_only_reads_has_nothing_to_carry()
    {
        await using var app = StartInShadow(configure: AddOther);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Other());
            (await TokenOf(scope)).ShouldBeNull();
        });

        Positions.Reads.ShouldBe((0, 0));
    }

    private static void AddOther(RoutedAppOptions options) => options.ConfigureServicesLater = static services => services.AddTransient<IRequestHandler<Other, string>, OtherHandler>();

    private static ShadowReport ReportOf(RoutedApp app) => app.Services.GetRequiredService<ShadowReport>();

    private static ShadowedRequest Found(RoutedApp app) => ReportOf(app).Requests.Single(request => request.Name == nameof(Read));

    private static ShadowedRequest Found(RoutedApp app, object? read)
    {
        read.ShouldBe(DatabasePair.Current);
        return Found(app);
    }

    private static async Task<ShadowedRequest> AskedAsync(RoutedApp app)
    {
        await UntilAsync(() => Task.FromResult(Found(app).Sampled > 0));
        return Found(app);
    }

    // What is asked beside the requests is there some time after them.
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await holds())
            await Task.Delay(10, patience.Token);
    }

    private RoutedApp StartInShadow(Action<RoutedAppOptions>? configure = null, Action<RoutingRolloutOptions>? rollout = null, Action<ReplicaOptions>? replica = null) => StartWithPositions(replica, configure: options =>
    {
        configure?.Invoke(options);
        var services = options.ConfigureServices;
        options.ConfigureServices = collection =>
        {
            services?.Invoke(collection);
            collection.Configure(rollout ?? (static all => all.Percent = 0));
        };
    });

    private sealed record Other : IQuery<string>;

    private sealed class OtherHandler(ShopContext db) : IQueryHandler<Other, string>
    {
        public async Task<string> Handle(Other query, CancellationToken cancellationToken) => (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name;
    }
}
