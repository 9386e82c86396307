using Cqrs.Routing.Shadow;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.Tests.Shadow;

public sealed class ShadowSamplerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void One_sample_runs_at_a_time_and_at_most_ten_begin_in_a_second()
    {
        var sampler = new ShadowSampler(_clock);

        sampler.TryBegin().ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(1));
        sampler.TryBegin().ShouldBeFalse();

        sampler.End();
        sampler.TryBegin().ShouldBeTrue();
        sampler.End();
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        sampler.TryBegin().ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        sampler.TryBegin().ShouldBeTrue();
    }

    [Fact]
    public async Task Stopping_waits_for_the_running_sample_and_lets_no_other_begin()
    {
        var sampler = new ShadowSampler(_clock);
        sampler.TryBegin().ShouldBeTrue();

        var stopping = sampler.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        sampler.End();
        await stopping;

        _clock.Advance(TimeSpan.FromSeconds(1));
        sampler.TryBegin().ShouldBeFalse();
        sampler.StopAsync().IsCompletedSuccessfully.ShouldBeTrue();
    }
}
