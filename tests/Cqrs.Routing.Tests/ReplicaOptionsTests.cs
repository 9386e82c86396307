namespace Cqrs.Routing.Tests;

public sealed class ReplicaOptionsTests
{
    [Theory]
    [InlineData(-1, "ReplicaOptions.MaxLag must be above zero. Use null for no limit.")]
    [InlineData(0, "ReplicaOptions.MaxLag must be above zero. Use null for no limit.")]
    public void A_time_limit_is_above_zero(int seconds, string message) =>
        Refusal(new() { MaxLag = TimeSpan.FromSeconds(seconds) }).ShouldStartWith(message);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_limit_of_bytes_is_above_zero(long bytes) =>
        Refusal(new() { MaxLagBytes = bytes }).ShouldStartWith("ReplicaOptions.MaxLagBytes must be above zero. Use null for no limit.");

    [Fact]
    public void A_negative_interval_is_refused() => Refusal(new() { MonitorInterval = TimeSpan.FromSeconds(-1) }).ShouldStartWith("ReplicaOptions.MonitorInterval is negative.");

    [Fact]
    public void A_limit_needs_something_that_measures_it()
    {
        Refusal(new() { MonitorInterval = TimeSpan.Zero, MaxLag = TimeSpan.FromSeconds(1) }).ShouldStartWith("ReplicaOptions.MaxLag is set, but with MonitorInterval zero nothing measures it.");
        Refusal(new() { MonitorInterval = TimeSpan.Zero, MaxLagBytes = 1 }).ShouldStartWith("ReplicaOptions.MaxLagBytes is set, but with MonitorInterval zero nothing measures it.");
        new ReplicaOptions { MonitorInterval = TimeSpan.Zero }.Validate();
    }

    private static string Refusal(ReplicaOptions options) => Should.Throw<ArgumentOutOfRangeException>(options.Validate).Message;
}
