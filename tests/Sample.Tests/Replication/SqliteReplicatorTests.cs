using Microsoft.Extensions.Time.Testing;

namespace Sample.Tests.Replication;

public sealed class SqliteReplicatorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SqlitePair _pair;

    public SqliteReplicatorTests()
    {
        _pair = new(_time);
        _pair.Replicator.Delay = TimeSpan.FromSeconds(2);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_replica_shows_the_state_of_one_delay_ago()
    {
        _pair.Write(1);
        Pass(0);
        _pair.Write(2);
        Pass(1);
        _pair.RowsOnReplica().ShouldBe(0);

        Pass(1);
        _pair.RowsOnReplica().ShouldBe(1);

        Pass(1);
        _pair.RowsOnReplica().ShouldBe(2);
    }

    [Fact]
    public async Task The_lag_is_the_age_of_the_oldest_change_that_does_not_show()
    {
        (await LagAsync()).ShouldBe(TimeSpan.Zero);

        _pair.Write(1);
        Pass(0);
        Pass(1.5);
        (await LagAsync()).ShouldBe(TimeSpan.FromSeconds(1.5));

        Pass(0.5);
        (await LagAsync()).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_shorter_delay_shows_at_once_what_is_old_enough_for_it()
    {
        _pair.Write(1);
        Pass(0);
        Pass(1);
        _pair.Replicator.Delay = TimeSpan.FromSeconds(1);
        Pass(0);

        _pair.RowsOnReplica().ShouldBe(1);
    }

    [Fact]
    public async Task A_paused_replica_stays_as_it_is_until_it_is_resumed()
    {
        await _pair.Replicator.PauseAsync(Token);
        for (var row = 1; row <= 5; row++)
        {
            _pair.Write(row);
            Pass(10);
        }

        _pair.RowsOnReplica().ShouldBe(0);

        await _pair.Replicator.ResumeAsync(Token);
        Pass(2);
        _pair.RowsOnReplica().ShouldBe(5);
    }

    [Fact]
    public async Task Catching_up_does_not_wait_for_the_delay()
    {
        await _pair.Replicator.PauseAsync(Token);
        _pair.Write(1);
        Pass(1);
        _pair.Write(2);

        await _pair.Replicator.CatchUpAsync(Token);

        _pair.RowsOnReplica().ShouldBe(2);
        (await _pair.Replicator.GetStatusAsync(Token)).Paused.ShouldBeFalse();
    }

    [Fact]
    public void What_is_not_committed_is_not_replicated()
    {
        _pair.Replicator.Delay = TimeSpan.Zero;
        using (_pair.WriteUncommitted(1))
            Pass(1);

        _pair.RowsOnReplica().ShouldBe(0);
    }

    [Fact]
    public void A_reader_keeps_its_snapshot_and_does_not_hold_replication_up()
    {
        _pair.Replicator.Delay = TimeSpan.Zero;
        Pass(0);
        using var reader = _pair.BeginReading(out var rowsSeen);
        rowsSeen().ShouldBe(0);

        _pair.Write(1);
        Pass(0);

        rowsSeen().ShouldBe(0);
        _pair.RowsOnReplica().ShouldBe(1);
    }

    [Fact]
    public void The_replicas_log_does_not_grow_for_ever()
    {
        _pair.Replicator.Delay = TimeSpan.Zero;
        for (var row = 1; row <= 300; row++)
        {
            _pair.Write(row);
            Pass(0.1);
        }

        _pair.RowsOnReplica().ShouldBe(300);
        _pair.ReplicaLogLength.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void A_delay_out_of_range_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _pair.Replicator.Delay = TimeSpan.FromSeconds(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => _pair.Replicator.Delay = TimeSpan.FromHours(1));
    }

    public void Dispose() => _pair.Dispose();

    private void Pass(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _pair.Replicator.Tick();
    }

    private async Task<TimeSpan> LagAsync() => (await _pair.Replicator.GetStatusAsync(Token)).Lag;
}
