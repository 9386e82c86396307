using Cqrs.Routing.ConformanceTests.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.ConformanceTests.Shadow;

/// <summary>Routing is enabled by request type and percentage, also at run time. Nested requests follow the outermost one.</summary>
public abstract class RolloutTests(DatabasePair pair) : ShadowTest(pair)
{
    [Theory]
    [InlineData("Read")]
    [InlineData("read")]
    [InlineData("Cqrs.Routing.TestKit.Requests.Read")]
    public async Task One_type_is_routed_and_strictly_guarded_while_the_others_are_not(string name)
    {
        await using var app = StartInShadow(rollout: options =>
        {
            options.Percent = 0;
            options.Requests[name] = 100;
        });

        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Replicated);
        await app.SendAsync(new Read(async handling => await Should.ThrowAsync<QueryWriteException>(() => RenameAsync(handling, "refused"))));
        await Should.ThrowAsync<CommandInQueryException>(() => app.SendAsync(new Read(async handling => await handling.Sender.Send(new WriteNothingBack(_ => Task.CompletedTask)))));
        app.Log.Counts.ShouldBe((0, 1));

        await app.SendAsync(new ReadFromPrimaryQuery(handling => RenameAsync(handling, "written")));
        ReportOf(app).Requests.ShouldHaveSingleItem().Name.ShouldBe(nameof(ReadFromPrimaryQuery));
    }

    [Fact]
    public async Task A_name_with_its_namespace_goes_before_one_without()
    {
        await using var app = StartInShadow(rollout: options =>
        {
            options.Requests["Read"] = 100;
            options.Requests["Cqrs.Routing.TestKit.Requests.Read"] = 0;
        });

        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    public async Task Nested_requests_follow_the_rollout_of_the_outermost_one()
    {
        await using var app = StartInShadow(rollout: options =>
        {
            options.Percent = 100;
            options.Requests["ReadFromPrimaryQuery"] = 0;
        });
        Task<int> Write(Handling handling) => RenameAsync(handling, "written");

        // Read alone is routed; inside a query in shadow mode it is not, and may write.
        await app.SendAsync(new ReadFromPrimaryQuery(async outer =>
        {
            await outer.Sender.Send(new Read(Write));
            using var forced = RouteScope.ForcePrimary();
            await Write(outer);
        }));
        // And a query that would be in shadow mode alone is guarded inside one that is routed.
        await app.SendAsync(new Read(async outer => await outer.Sender.Send(new ReadFromPrimaryQuery(inner => Should.ThrowAsync<QueryWriteException>(() => Write(inner))))));

        app.Log.Counts.ShouldBe((2, 0));
        Found<Read>(app).Writes.ShouldBe(1);
        Found<ReadFromPrimaryQuery>(app).Runs.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_inside_a_query_scope_follows_the_rollout_of_the_scope()
    {
        await using var app = StartInShadow(rollout: options => options.Requests["RouteScope.BeginQuery()"] = 0);

        await app.InScopeAsync(async handling =>
        {
            using (RouteScope.BeginQuery())
                (await handling.Sender.Send(ReadName())).ShouldBe(DatabasePair.Current);
        });

        // In a session of its own: what this one saw on the primary, it does not see go backwards.
        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_percentage_is_met_and_the_same_instance_always_goes_the_same_way()
    {
        await using var app = StartInShadow(rollout: options => options.Percent = 30);
        var requests = Enumerable.Range(0, 1000).Select(_ => new Read(_ => Task.CompletedTask)).ToList();
        List<bool> first = [], second = [];
        app.Routes.Recorded += record => (first.Count < requests.Count ? first : second).Add(record.Route == DatabaseRole.Replica);

        await app.InScopeAsync(async handling =>
        {
            foreach (var request in (IEnumerable<Read>)[.. requests, .. requests])
                await handling.Sender.Send(request);
        });

        second.ShouldBe(first);
        // Ten standard deviations of a fair draw.
        first.Count(routed => routed).ShouldBeInRange(155, 445);
    }

    [Fact]
    public async Task Configuration_changes_the_rollout_at_run_time_and_a_mistake_in_it_changes_nothing()
    {
        var lines = new LogLines();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("RoutingRollout:Percent", "0")]).Build();
        await using var app = Start(options => options.ConfigureServices = services =>
        {
            lines.AddTo(services);
            services.AddSingleton<IConfiguration>(configuration);
            services.Configure<RoutingRolloutOptions>(configuration.GetSection(RoutingRolloutOptions.SectionName));
        });
        async Task<object?> AfterAsync(string key, string? value)
        {
            configuration[$"RoutingRollout:{key}"] = value;
            configuration.Reload();
            return await app.SendAsync(ReadName());
        }

        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Current);
        (await AfterAsync("Requests:Read", "100")).ShouldBe(DatabasePair.Replicated);
        (await AfterAsync("Requests:Read", "101")).ShouldBe(DatabasePair.Replicated);
        (await AfterAsync("Requests:Read", "none")).ShouldBe(DatabasePair.Replicated);
        (await AfterAsync("Requests:Read", "")).ShouldBe(DatabasePair.Replicated);
        configuration["RoutingRollout:Requests:Read"] = "100";
        (await AfterAsync("Percent", "half")).ShouldBe(DatabasePair.Replicated);
        (await AfterAsync("Percent", "0")).ShouldBe(DatabasePair.Replicated);
        (await AfterAsync("Requests:Read", "0")).ShouldBe(DatabasePair.Current);
        (await AfterAsync("Percent", "100")).ShouldBe(DatabasePair.Current);

        lines.All.Count.ShouldBe(4);
        lines.All[3].ShouldContain("RoutingRollout:Percent");
        lines.All.Take(3).ShouldBe(new[] { "101", "'none'", "empty" }.Select(static value =>
            $"RoutingRolloutOptions cannot be read, so the former setting stays: RoutingRollout: Read is {value}, but a percentage must be a whole number between 0 and 100. [CR219] [CR030]"));
    }

    [Fact]
    public async Task A_percentage_out_of_range_is_an_error_at_the_start()
    {
        await using var app = StartInShadow(rollout: options => options.Percent = -1);

        (await Should.ThrowAsync<OptionsValidationException>(() => app.SendAsync(ReadName()))).Message.ShouldBe("RoutingRollout: Percent is -1, but a percentage must be a whole number between 0 and 100. [CR219]");
    }

    [Fact]
    public async Task A_configured_percentage_that_is_no_number_is_an_error_at_the_start()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("RoutingRollout:Requests:Read", "half")]).Build();
        await using var app = Start(options => options.ConfigureServices = services =>
            services.AddSingleton<IConfiguration>(configuration).Configure<RoutingRolloutOptions>(configuration.GetSection(RoutingRolloutOptions.SectionName)));

        (await Should.ThrowAsync<OptionsValidationException>(() => app.SendAsync(ReadName())))
            .Message.ShouldBe("RoutingRollout: Read is 'half', but a percentage must be a whole number between 0 and 100. [CR219]");
    }

    [Fact]
    public async Task A_configured_setting_that_does_not_exist_is_an_error_at_the_start()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("RoutingRollout:Percnt", "0"), new("RoutingRollout:_comment", "ours")]).Build();
        await using var app = Start(options => options.ConfigureServices = services =>
            services.AddSingleton<IConfiguration>(configuration).Configure<RoutingRolloutOptions>(configuration.GetSection(RoutingRolloutOptions.SectionName)));

        (await Should.ThrowAsync<OptionsValidationException>(() => app.SendAsync(ReadName())))
            .Message.ShouldBe("RoutingRollout: Percnt is not a setting. The settings are Percent and Requests; request types belong under Requests. [CR218]");
    }

    [Fact]
    public async Task A_request_name_that_no_handler_knows_is_logged_once_for_each_setting()
    {
        var lines = new LogLines();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("RoutingRollout:Requests:Reed", "0"), new("RoutingRollout:Requests:Read", "100")]).Build();
        await using var app = Start(options => options.ConfigureServices = services =>
        {
            lines.AddTo(services);
            services.AddSingleton<IConfiguration>(configuration);
            services.Configure<RoutingRolloutOptions>(configuration.GetSection(RoutingRolloutOptions.SectionName));
        });

        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Replicated);
        (await app.SendAsync(ReadName())).ShouldBe(DatabasePair.Replicated);
        lines.All.ShouldHaveSingleItem().ShouldContain("no request type with a handler has that name: Reed. Write the name as in C#");

        configuration["RoutingRollout:Requests:Reed"] = "100";
        configuration["RoutingRollout:Requests:RouteScope.BeginQuery()"] = "100";
        configuration.Reload();
        lines.All.Count.ShouldBe(2);
    }

    [Theory]
    [ClassData(typeof(Lifetimes))]
    public async Task A_context_carries_nothing_over_from_a_request_in_shadow_mode(ContextLifetime lifetime)
    {
        await using var app = StartInShadow(options => options.Lifetime = lifetime, rollout => rollout.Requests["ReadFromPrimaryQuery"] = 0);

        for (var round = 0; round < 2; round++)
        {
            await app.SendAsync(new ReadFromPrimaryQuery(async handling =>
            {
                await using var db = await UseAsync(handling, lifetime);
                await db.Orders.CountAsync();
            }));
            await app.SendAsync(new Read(async handling =>
            {
                await using var db = await UseAsync(handling, lifetime);
                (await db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
                await Should.ThrowAsync<QueryWriteException>(() => db.Orders.ExecuteDeleteAsync());
            }));
        }

        app.Log.Counts.ShouldBe((2, 2));
    }

    [Fact]
    public async Task In_one_scope_a_query_in_shadow_mode_works_on_no_row_of_the_replica()
    {
        await using var app = StartInShadow(rollout: rollout => rollout.Requests["ReadFromPrimaryQuery"] = 0);

        await app.InScopeAsync(async handling =>
        {
            await handling.Sender.Send(new Read(async inner => (await inner.Db.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current)));
            await handling.Sender.Send(new ReadFromPrimaryQuery(async inner => (await inner.Db.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current)));
        });
    }

    private static async Task<ShopContext> UseAsync(Handling handling, ContextLifetime lifetime) =>
        lifetime is ContextLifetime.Factory or ContextLifetime.PooledFactory ? await handling.Factory.CreateDbContextAsync() : handling.Db;

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RolloutTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RolloutTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
