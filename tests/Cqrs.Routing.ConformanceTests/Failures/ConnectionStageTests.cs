using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>Fallback at the stage <c>Connection</c>: the replica cannot be opened, so the query reads the primary.</summary>
public sealed class ConnectionStageTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    public static TheoryData<ContextLifetime, bool> Registrations => new(
        from lifetime in Enum.GetValues<ContextLifetime>()
        from retry in new[] { false, true }
        select (lifetime, retry));

    [Theory]
    [MemberData(nameof(Registrations))]
    [Trait("Case", "C240")]
    public async Task A_query_whose_replica_refuses_runs_on_the_primary(ContextLifetime lifetime, bool retry)
    {
        await using var app = StartOn(Refusing, configure: options => (options.Lifetime, options.Retry) = (lifetime, retry));

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((1, 0));
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
    }

    [Fact]
    public async Task A_synchronous_query_whose_replica_refuses_runs_on_the_primary()
    {
        await using var app = StartOn(Refusing);

        (await app.SendAsync(new Read(handling => Task.FromResult<object?>(handling.Db.Orders.AsNoTracking().Single().Name)))).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    [Trait("Case", "C240")]
    public async Task A_query_whose_login_the_replica_refuses_runs_on_the_primary()
    {
        await using var app = StartOn(new NpgsqlConnectionStringBuilder(Standby) { Username = "nobody" }.ConnectionString);

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    public async Task Every_read_of_a_query_whose_replica_refuses_runs_on_the_primary()
    {
        await using var app = StartOn(Refusing);

        await app.SendAsync(new Read(async handling =>
        {
            for (var read = 0; read < 3; read++)
                (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Current);
            await using var own = handling.Services.CreateAsyncScope();
            (await NameAsync(own.ServiceProvider.GetRequiredService<ShopContext>())).ShouldBe(DatabasePair.Current);
            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
        }));

        app.Log.Counts.ShouldBe((4, 0));
    }

    [Fact]
    public async Task A_query_stays_on_the_primary_after_the_replica_refused_its_inner_query()
    {
        await using var app = StartOn(Refusing);

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Sender.Send(ReadName);
            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
        }));
    }

    [Fact]
    public async Task A_query_that_begins_a_transaction_begins_it_on_the_primary()
    {
        await using var app = StartOn(Refusing);

        await app.SendAsync(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Current);
            await transaction.CommitAsync();
        }));

        app.Log.Counts.ShouldBe((1, 0));
    }

    [Fact]
    public async Task Streams_and_query_scopes_whose_replica_refuses_run_on_the_primary()
    {
        await using var app = StartOn(Refusing);

        await app.InScopeAsync(async handling =>
        {
            using (RouteScope.BeginQuery())
                (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Current);
            await foreach (var name in handling.Sender.CreateStream(new ReadStream(inner => inner.Db.Orders.Select(order => order.Name).AsAsyncEnumerable())))
                name.ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C240")]
    public async Task A_command_does_not_notice_that_the_replica_refuses()
    {
        await using var app = StartOn(Refusing);

        await app.SendAsync(new Write(async handling =>
        {
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Current);
            await handling.Sender.Send(ReadName);
        }));

        app.Routes.Records.ShouldNotContain(record => record.Reason == RouteReason.ReplicaUnavailable);
    }

    [Fact]
    public async Task A_replica_that_swallows_connections_costs_one_query_its_timeout()
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        await using var app = StartOn(At(((IPEndPoint)hole.LocalEndpoint).Port), choices => choices.BreakDuration = TimeSpan.FromMinutes(1));

        for (var query = 0; query < 20; query++)
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);

        var attempts = 0;
        for (; hole.Pending(); attempts++)
            (await hole.AcceptTcpClientAsync(TestContext.Current.CancellationToken)).Dispose();
        attempts.ShouldBe(1);
        app.Log.Counts.ShouldBe((20, 0));
    }

    [Fact]
    public async Task A_query_that_is_canceled_while_it_opens_the_replica_does_not_run_on_the_primary()
    {
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        using var impatience = new CancellationTokenSource();
        await using var app = StartOn(At(((IPEndPoint)hole.LocalEndpoint).Port));

        var query = app.SendAsync(new Read(async handling => await handling.Db.Orders.CountAsync(handling.CancellationToken)), impatience.Token);
        using var caller = await hole.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await impatience.CancelAsync();

        // Npgsql hears of it only when its own timeout is over, and then says so.
        await Should.ThrowAsync<Exception>(() => query);
        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_exhausted_pool_does_not_count_as_a_failure_of_the_replica()
    {
        var one = new NpgsqlConnectionStringBuilder(Standby) { MaxPoolSize = 1, Timeout = 1 }.ConnectionString;
        await using var app = StartOn(one);

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        }));

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_context_that_is_opening_the_replica_goes_where_its_query_was_sent_meanwhile()
    {
        var gate = new Gate();
        var opener = new OpeningGate(gate);
        await using var app = StartOn(Standby, configure: options => options.ConfigureServices = services =>
            services.ConfigureDbContext<ShopContext>(context => context.AddInterceptors(opener)));
        await app.SendAsync(ReadName);

        await app.SendAsync(new Read(async handling =>
        {
            opener.Arm();
            await using var scope = handling.Services.CreateAsyncScope();
            var opening = NameAsync(scope.ServiceProvider.GetRequiredService<ShopContext>());
            await gate.Entered;
            await BreakSocketsAsync();
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Current, "it met the dead socket, and fell back");
            gate.Release();
            (await opening).ShouldBe(DatabasePair.Current);
        }));
    }
}
