namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Group A: requests in sequence and nested requests in one dependency injection scope.</summary>
public abstract class ScopeTests(DatabasePair pair) : ConformanceTest(pair)
{
    public enum Ending
    {
        Normal,
        Exception,
        Cancellation,
    }

    [Fact]
    [Trait("Case", "C010")]
    public async Task A_command_after_a_query_of_the_same_scope_is_on_the_primary_with_the_same_context()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            (await scope.Sender.Send(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Replicated);
            (await scope.Sender.Send(new Write(async handling => (await handling.Db.Orders.SingleAsync()).Name))).ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C011")]
    public async Task A_query_after_a_command_of_the_same_scope_sees_what_it_wrote()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Orders.ExecuteUpdateAsync(orders =>
                orders.SetProperty(order => order.Name, "written"))));
            app.Log.Clear();
            (await scope.Sender.Send(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe("written");
        });

        app.Log.Counts.ShouldBe((1, 0));
        app.Routes.GetRecords<Read>().Single(record => record.Context is not null).Reason.ShouldBeOneOf(RouteReason.RecentWrite, RouteReason.NotCaughtUp);
    }

    [Fact]
    [Trait("Case", "C011")]
    public async Task A_command_finds_what_a_query_tracked_in_the_same_scope_and_it_is_the_primarys_row()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var tracked = await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync()));
            var found = (Order)(await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.FindAsync(1))))!;
            found.ShouldBeSameAs(tracked);
            found.Name.ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    [Trait("Case", "C015")]
    public async Task A_command_inside_a_query_is_refused_and_does_not_run()
    {
        await using var app = Start();
        var ran = false;

        var refusal = await Should.ThrowAsync<CommandInQueryException>(() => app.SendAsync(new Read(async outer =>
        {
            await outer.Db.Orders.CountAsync();
            await outer.Sender.Send(new Write(async _ => ran = await Task.FromResult(true)));
        })));

        refusal.Message.ShouldContain(nameof(Read));
        refusal.CommandType.ShouldBe(typeof(Write));
        ran.ShouldBeFalse();
        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C015")]
    public async Task Where_commands_in_queries_are_allowed_later_reads_are_not_older_than_the_write()
    {
        await using var app = Start(options => options.ConfigureRouting = routing => routing.AllowCommandsInQueries = true);

        var names = await app.SendAsync(new Read(async outer =>
        {
            var before = (await outer.Db.Orders.AsNoTracking().SingleAsync()).Name;
            await outer.Sender.Send(new Write(async handling => await handling.Db.Orders.ExecuteUpdateAsync(orders =>
                orders.SetProperty(order => order.Name, "written"))));
            await Should.ThrowAsync<QueryWriteException>(() => outer.Db.Orders.ExecuteDeleteAsync());
            return $"{before}, {(await outer.Db.Orders.AsNoTracking().SingleAsync()).Name}";
        }));

        names.ShouldBe("replicated, written");
        app.Log.Counts.ShouldBe((2, 1));
    }

    [Theory]
    [Trait("Case", "C017")]
    [InlineData(Ending.Normal)]
    [InlineData(Ending.Exception)]
    [InlineData(Ending.Cancellation)]
    public async Task Three_deep_each_request_gets_its_own_route_back_however_the_inner_one_ended(Ending ending)
    {
        // Else the replica has to prove that it has what the second one saw, and where it cannot the first one stays on the primary too.
        await using var app = Start(options => options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica, replica =>
        {
            replica.AllowDifferentDatabaseName = pair.ReplicaHasOtherName;
            replica.MonotonicReads = false;
        }));

        await app.SendAsync(new Read(async first =>
        {
            await Attempt(() => first.Sender.Send(new ReadFromPrimaryQuery(async second =>
            {
                await Attempt(() => second.Sender.Send(new Read(async third =>
                {
                    await third.Db.Orders.CountAsync();
                    await End(ending);
                })));
                RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.ReadFromPrimary));
                await second.Db.Orders.CountAsync();
                await End(ending);
            })));
            RouteScope.Current.ShouldBe(new(DatabaseRole.Replica, RouteReason.Query));
            await first.Db.Orders.CountAsync();
        }));

        RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));
        app.Log.Counts.ShouldBe((2, 1));
    }

    [Fact]
    [Trait("Case", "C024")]
    public async Task The_sender_of_a_request_never_sees_its_route()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var pending = scope.Sender.Send(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync()));
            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));
            await pending;
            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));
            (await scope.Db.Orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((1, 1));
    }

    private static async Task Attempt(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (e is NotSupportedException or OperationCanceledException)
        {
        }
    }

    private static Task End(Ending ending) => ending switch
    {
        Ending.Exception => throw new NotSupportedException(),
        Ending.Cancellation => Task.FromCanceled(new(canceled: true)),
        _ => Task.CompletedTask,
    };

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ScopeTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : ScopeTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ScopeTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
