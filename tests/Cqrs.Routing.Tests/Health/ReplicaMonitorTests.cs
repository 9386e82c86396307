using System.Transactions;
using Cqrs.Routing.Health;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.Tests.Health;

public sealed class ReplicaMonitorTests
{
    private static readonly ReplicaStatus Well = new(null, 0, TimeSpan.Zero);
    private static readonly AsyncLocal<string?> Ambient = new();

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_measurement_is_due_at_the_first_query() => Monitor(5).IsDue.ShouldBeTrue();

    [Fact]
    public void An_interval_of_zero_measures_nothing() => Monitor(0).IsDue.ShouldBeFalse();

    [Fact]
    public async Task No_second_measurement_begins_while_one_is_running()
    {
        var monitor = Monitor(5);
        var measured = new TaskCompletionSource<ReplicaStatus>();
        var begun = 0;
        for (var query = 0; query < 10; query++)
            monitor.Begin(_ => Count(measured.Task), Ignore);

        monitor.IsDue.ShouldBeFalse();
        measured.SetResult(Well);
        await UntilAsync(() => monitor.Last is not null);
        begun.ShouldBe(1);

        Task<ReplicaStatus> Count(Task<ReplicaStatus> status)
        {
            Interlocked.Increment(ref begun);
            return status;
        }
    }

    [Fact]
    public async Task The_next_measurement_is_due_after_the_interval_give_or_take_a_quarter()
    {
        var pauses = new HashSet<int>();
        for (var run = 0; run < 50; run++)
        {
            var monitor = Monitor(4);
            await MeasureAsync(monitor);
            var pause = 0;
            for (; !monitor.IsDue; pause++)
                _clock.Advance(TimeSpan.FromMilliseconds(10));
            pause.ShouldBeInRange(300, 501);
            pauses.Add(pause);
        }

        pauses.Count.ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData(5, 8, 2)]
    [InlineData(1, 8, 1)]
    [InlineData(5, 0.001, 0.05)]
    public async Task A_limit_is_measured_four_times_as_often_as_it_is_long_but_not_all_the_time(double interval, double limit, double expected)
    {
        var monitor = Monitor(interval, limit);
        await MeasureAsync(monitor);

        _clock.Advance(TimeSpan.FromSeconds(expected * 0.74));
        monitor.IsDue.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(expected * 0.52));
        monitor.IsDue.ShouldBeTrue();
    }

    [Fact]
    public async Task A_measurement_runs_outside_the_flow_of_the_query()
    {
        var monitor = Monitor(5);
        using var transaction = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        Ambient.Value = "request";
        var seen = new TaskCompletionSource<(string?, Transaction?)>();

        monitor.Begin(
            _ =>
            {
                seen.SetResult((Ambient.Value, Transaction.Current));
                return Task.FromResult(Well);
            },
            Ignore);

        (await seen.Task).ShouldBe((null, null));
    }

    [Fact]
    public async Task A_measurement_that_fails_is_over_and_another_is_due_later()
    {
        var monitor = Monitor(4);
        await MeasureAsync(monitor);
        _clock.Advance(TimeSpan.FromSeconds(6));

        monitor.Begin(_ => throw new InvalidOperationException("a bug"), Ignore);

        await UntilAsync(() => !monitor.IsMeasuring);
        _clock.Advance(TimeSpan.FromSeconds(6));
        monitor.IsDue.ShouldBeTrue();
        monitor.Last.ShouldBe(Well);
    }

    [Fact]
    public async Task Each_status_is_reported_with_the_status_before()
    {
        var monitor = Monitor(5);
        var lagging = Well with { Refusal = RouteReason.ReplicaLagging };
        var reports = new List<(ReplicaStatus?, ReplicaStatus)>();

        foreach (var status in (ReplicaStatus[])[Well, lagging])
            await monitor.MeasureAsync(_ => Task.FromResult(status), (before, now) => reports.Add((before, now)), TestContext.Current.CancellationToken);

        reports.ShouldBe([(null, Well), (Well, lagging)]);
        monitor.Last.ShouldBe(lagging);
    }

    [Fact]
    public void Each_database_has_a_position_history_of_its_own()
    {
        var monitor = Monitor(5);
        monitor.GetHistory(new("one", 0)).Add(_clock.GetTimestamp(), 7);

        monitor.GetHistory(new("one", 0)).AgeOf(7).ShouldNotBeNull();
        monitor.GetHistory(new("two", 0)).AgeOf(7).ShouldBeNull();
    }

    [Fact]
    public void Asking_whether_a_measurement_is_due_allocates_nothing()
    {
        var monitor = Monitor(5);
        _ = monitor.IsDue;
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var query = 0; query < 1000; query++)
            _ = monitor.IsDue;

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Ignore(ReplicaStatus? before, ReplicaStatus now)
    {
    }

    private static async Task MeasureAsync(ReplicaMonitor monitor)
    {
        monitor.Begin(_ => Task.FromResult(Well), Ignore);
        await UntilAsync(() => !monitor.IsMeasuring);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    private ReplicaMonitor Monitor(double interval, double? limit = null) => new(
        ReplicaHealthOptions.From(new()
        {
            MonitorInterval = TimeSpan.FromSeconds(interval),
            MaxLag = limit is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        }),
        _clock);
}
