using Cqrs.Routing.Health;

namespace Cqrs.Routing.Tests.Health;

public sealed class LagLimitsTests
{
    [Theory]
    [Trait("Case", "C244")]
    [InlineData(null, null, 100, 100, false)]
    [InlineData(10, null, 10, 0, false)]
    [InlineData(10, null, 11, 0, true)]
    [InlineData(null, 10, 100, 10, false)]
    [InlineData(null, 10, 0, 11, true)]
    [InlineData(10, 10, 11, 10, false)]
    [InlineData(10, 10, 10, 11, false)]
    [InlineData(10, 10, 11, 11, true)]
    public void Lag_limits_are_exceeded_only_if_every_limit_that_is_set_is_exceeded(int? maxTime, int? maxBytes, int time, int bytes, bool exceeded) =>
        Limits(maxTime, maxBytes).AreExceededBy(TimeSpan.FromSeconds(time), bytes).ShouldBe(exceeded);

    [Theory]
    [InlineData(10, null, null, 100, false, true)]
    [InlineData(10, null, 11, null, true, false)]
    [InlineData(null, 10, 100, null, false, true)]
    [InlineData(10, 10, 11, null, false, true)]
    [InlineData(10, 10, null, 11, false, true)]
    [InlineData(null, null, null, null, false, false)]
    public void A_lag_that_is_not_measured_exceeds_no_limit_and_is_missed(int? maxTime, int? maxBytes, int? time, int? bytes, bool exceeded, bool missed)
    {
        TimeSpan? lag = time is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        Limits(maxTime, maxBytes).AreExceededBy(lag, bytes).ShouldBe(exceeded);
        Limits(maxTime, maxBytes).Miss(lag, bytes).ShouldBe(missed);
    }

    private static LagLimits Limits(int? seconds, int? bytes) => new(seconds is { } time ? TimeSpan.FromSeconds(time) : null, bytes);
}
