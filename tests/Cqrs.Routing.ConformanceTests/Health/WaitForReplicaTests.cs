using System.Transactions;
using Cqrs.Routing.TestServers;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Health;

/// <summary><c>WaitForReplicaAsync</c>: a wait until the replica has what the primary has.</summary>
[Collection(PostgresCollection.Name)]
public sealed class WaitForReplicaTests(PairFixture<PostgresPairDatabase> fixture) : HealthTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_replica_has_after_a_wait_what_was_committed_before(bool inScope)
    {
        await using var app = Start();
        var pair = await PostgresPair.SharedAsync();

        await app.InScopeAsync(async scope =>
        {
            using var ambient = inScope ? new TransactionScope(TransactionScopeOption.RequiresNew, TransactionScopeAsyncFlowOption.Enabled) : null;
            var waiting = scope.Db.Database.WaitForReplicaAsync(Long, Token);
            waiting.IsCompleted.ShouldBeFalse();
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
                await pair.ResumeReplayAsync(Token);
            await waiting;
        });

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        app.Routes.GetRecords<Read>()[^1].Route.ShouldBe(DatabaseRole.Replica);
    }

    [Fact]
    public async Task A_wait_for_a_replica_that_stands_still_ends_in_an_error_that_says_how_far_it_got()
    {
        await using var app = Start();

        var error = await Should.ThrowAsync<TimeoutException>(() => app.InScopeAsync(scope => scope.Db.Database.WaitForReplicaAsync(TimeSpan.FromMilliseconds(300), Token)));

        error.Message.ShouldMatch(@"^The replica of ShopContext has not caught up in 0\.\d+ seconds: it has reached \d+ of \d+, so \d+ are missing\. Is replication running\? \[CR239\]$");
    }

    [Fact]
    public async Task A_wait_for_a_replica_that_does_not_answer_ends_in_an_error_that_names_the_cause()
    {
        await using var app = Start(options => options.ConfigureContext = (context, pair) =>
            context.UseReplica(new NpgsqlConnectionStringBuilder(pair.Replica) { Port = 1 }.ConnectionString));

        var error = await Should.ThrowAsync<TimeoutException>(() => app.InScopeAsync(scope => scope.Db.Database.WaitForReplicaAsync(TimeSpan.FromMilliseconds(300), Token)));

        error.Message.ShouldContain("its position cannot be read (NpgsqlException");
    }

    [Fact]
    public async Task A_wait_that_the_caller_cancels_ends_in_a_cancellation()
    {
        await using var app = Start();
        using var caller = new CancellationTokenSource(100);

        await Should.ThrowAsync<OperationCanceledException>(() => app.InScopeAsync(scope => scope.Db.Database.WaitForReplicaAsync(Timeout.InfiniteTimeSpan, caller.Token)));
    }

    [Fact]
    public async Task A_wait_for_a_mirror_returns()
    {
        await using var app = Start(options => options.ConfigureContext = (context, _) => context.UseReplicaMirror());

        await app.InScopeAsync(scope => scope.Db.Database.WaitForReplicaAsync(Long, Token));
    }

    [Fact]
    public async Task A_wait_without_a_replica_or_a_position_source_is_an_error_that_says_what_to_write()
    {
        (await RefusalAsync((context, _) => context.UseReplica((string?)null))).ShouldStartWith("ShopContext has no replica to wait for: UseReplica was called without one.");
        (await RefusalAsync((context, pair) => context.UseReplica(pair.Replica, replica => replica.PositionSource = PositionSources.None)))
            .ShouldStartWith("The database of ShopContext has no position source");
        await using var direct = Pair.Direct(Server.Primary);
        (await Should.ThrowAsync<InvalidOperationException>(() => direct.Database.WaitForReplicaAsync(Long, Token))).Message.ShouldStartWith("ShopContext does not call UseReplica");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => direct.Database.WaitForReplicaAsync(TimeSpan.Zero, Token));
    }

    private async Task<string> RefusalAsync(Action<DbContextOptionsBuilder, DatabasePair> configure)
    {
        await using var app = Start(options => options.ConfigureContext = configure);
        return (await Should.ThrowAsync<InvalidOperationException>(() => app.InScopeAsync(scope => scope.Db.Database.WaitForReplicaAsync(Long, Token)))).Message;
    }
}
