using Cqrs.Routing.Positions;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.Tests.Positions;

public sealed class PositionHistoryTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(4);

    private readonly FakeTimeProvider _clock = new();
    private readonly PositionHistory _history;

    public PositionHistoryTests() => _history = new(_clock);

    [Fact]
    public void Without_a_sample_no_replica_is_fresh() => _history.HadAtMost(UInt128.MaxValue, Span).ShouldBeFalse();

    [Theory]
    [InlineData(4, 100, true)]
    [InlineData(4, 99, false)]
    [InlineData(5, 100, false)]
    public void A_replica_is_fresh_if_it_has_what_the_primary_had_within_the_span(int age, int replayed, bool fresh)
    {
        Sample(100);
        _clock.Advance(TimeSpan.FromSeconds(age));

        _history.HadAtMost((UInt128)replayed, Span).ShouldBe(fresh);
    }

    [Fact]
    public void A_replica_that_lags_is_fresh_by_an_older_sample_within_the_span()
    {
        Sample(100);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Sample(500);

        _history.HadAtMost(100, Span).ShouldBeTrue();
    }

    [Fact]
    public void A_sample_is_due_four_times_per_span_and_for_one_caller_at_a_time()
    {
        _history.IsDue(Span).ShouldBeTrue();
        _history.IsDue(Span).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _history.IsDue(Span).ShouldBeTrue();
        _history.IsDue(Span).ShouldBeFalse();
    }

    [Fact]
    public void Many_samples_of_short_spans_leave_old_ones_for_long_spans()
    {
        for (var number = 1; number <= 1000; number++)
        {
            Sample(number);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        _history.HadAtMost(500, TimeSpan.FromSeconds(60)).ShouldBeTrue();
        _history.HadAtMost(990, TimeSpan.FromSeconds(2)).ShouldBeTrue();
        _history.HadAtMost(990, TimeSpan.FromSeconds(0.5)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(50, 9)]
    [InlineData(100, 9)]
    [InlineData(150, 9)]
    [InlineData(200, 4)]
    [InlineData(300, 4)]
    public void A_replica_is_as_old_as_the_newest_sample_that_it_has_and_else_as_the_oldest_that_it_lacks(int replayed, int age)
    {
        Sample(100);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Sample(200);
        _clock.Advance(TimeSpan.FromSeconds(4));

        _history.AgeOf((UInt128)replayed).ShouldBe(TimeSpan.FromSeconds(age));
    }

    [Fact]
    public void Without_a_sample_no_age_is_known() => _history.AgeOf(UInt128.MaxValue).ShouldBeNull();

    private void Sample(int position) => _history.Add(_clock.GetTimestamp(), (UInt128)position);
}
