using MediatR;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A context that already has a connection open on the replica when a query with stricter rules begins.</summary>
public sealed class OpenReplicaTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task An_inner_query_is_not_served_older_than_it_may_be()
    {
        await using var app = StartWithClock();

        var error = await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new Read(async outer =>
        {
            await outer.Db.Database.OpenConnectionAsync();
            await outer.Db.Orders.CountAsync();
            return await outer.Sender.Send(new Recent());
        })));

        error.Message.ShouldContain("Recent needs the primary, but the context is still open on the replica");
    }

    [Fact]
    public async Task An_inner_query_is_served_where_the_replica_is_fresh_enough()
    {
        await using var app = StartWithClock(replica => replica.MaxCatchUpWait = TimeSpan.FromMinutes(1));
        // Replay runs on, so that what PostgreSQL writes by itself reaches the standby.
        await Pair.DisposeAsync();

        (await app.SendAsync(new Read(async outer =>
        {
            await outer.Db.Database.OpenConnectionAsync();
            await outer.Db.Orders.CountAsync();
            return await outer.Sender.Send(new Recent());
        }))).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((0, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_inner_query_in_its_callers_transaction_is_not_served_what_nobody_can_date(bool async)
    {
        await using var app = StartWithClock();

        await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(new Read(async outer =>
        {
            await using var transaction = async
                ? await outer.Db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead)
                : outer.Db.Database.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            await outer.Db.Orders.CountAsync();
            await Pair.ReplicateAsync();
            return await outer.Sender.Send(new Recent());
        })));
    }

    [Fact]
    public async Task The_position_of_a_query_with_a_staleness_limit_is_checked_before_its_own_transaction()
    {
        await using var app = StartWithClock(replica => replica.MaxCatchUpWait = TimeSpan.FromMinutes(1));
        // Replay runs on, so that what PostgreSQL writes by itself reaches the standby.
        await Pair.DisposeAsync();

        (await app.SendAsync(new RecentInTransaction())).ShouldBe(DatabasePair.Current);

        app.Log.Counts.ShouldBe((0, 2));
    }

    [Fact]
    public async Task A_context_that_an_earlier_query_left_open_does_not_hide_what_the_session_wrote()
    {
        await using var app = StartWithPositions();
        IDbContextTransaction? transaction = null;

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling =>
            {
                transaction = await handling.Db.Database.BeginTransactionAsync();
                await handling.Db.Orders.CountAsync();
            }));
            await scope.Sender.Send(new Write(async handling =>
            {
                await using var other = handling.Services.CreateAsyncScope();
                await RenameAsync(other.ServiceProvider.GetRequiredService<ShopContext>(), "written");
            }));

            var error = await Should.ThrowAsync<InvalidOperationException>(() => scope.Sender.Send(ReadName));
            error.Message.ShouldContain("still open on the replica");
            await transaction!.DisposeAsync();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
            await Pair.ReplicateAsync();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    [Fact]
    public async Task A_query_in_the_middle_of_something_goes_on_when_the_session_writes_beside_it()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope => (await scope.Sender.Send(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.CountAsync();
            var beside = Task.CompletedTask;
            using (ExecutionContext.SuppressFlow())
                beside = Task.Run(() => RenameBesideAsync(scope));
            await beside;
            return (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
        }))).ShouldBe(DatabasePair.Replicated));

        async Task RenameBesideAsync(Handling scope)
        {
            await using var other = scope.Services.CreateAsyncScope();
            using (SessionOf(scope).Begin())
                await RenameAsync(other.ServiceProvider.GetRequiredService<ShopContext>(), "written");
        }
    }

    private RoutedApp StartWithClock(Action<ReplicaOptions>? replica = null) => StartWithPositions(replica, options => options.ConfigureServicesLater = services =>
    {
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton(Positions);
        services.AddTransient<IRequestHandler<Recent, string>, RecentHandler>();
        services.AddTransient<IRequestHandler<RecentInTransaction, string>, RecentHandler>();
    });

    [MaxStaleness(10)]
    private sealed record Recent : IQuery<string>;

    [MaxStaleness(10)]
    private sealed record RecentInTransaction : IQuery<string>;

    private sealed class RecentHandler(ShopContext db, CountingPositions positions) : IQueryHandler<Recent, string>, IQueryHandler<RecentInTransaction, string>
    {
        public async Task<string> Handle(Recent query, CancellationToken cancellationToken) => (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name;

        public async Task<string> Handle(RecentInTransaction query, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var asked = positions.Reads;
            await db.Orders.CountAsync(cancellationToken);
            var name = (await db.Orders.AsNoTracking().SingleAsync(cancellationToken)).Name;
            positions.Reads.ShouldBe(asked);
            return name;
        }
    }
}
