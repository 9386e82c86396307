using Cqrs.Routing.Health;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.Tests.Health;

public sealed class ReplicaCircuitTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));
    private readonly ReplicaCircuit _circuit;
    private int _asked;

    public ReplicaCircuitTests() => _circuit = new(TimeSpan.FromSeconds(1), _clock);

    [Fact]
    public void Two_failures_do_not_open_the_circuit()
    {
        _circuit.RecordFailure(waited: false).ShouldBeFalse();
        _circuit.RecordFailure(waited: false).ShouldBeFalse();

        _circuit.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void The_third_failure_within_ten_seconds_opens_the_circuit()
    {
        _circuit.RecordFailure(waited: false);
        _circuit.RecordFailure(waited: false);

        _circuit.RecordFailure(waited: false).ShouldBeTrue();
        _circuit.IsOpen.ShouldBeTrue();
        _circuit.RecordFailure(waited: false).ShouldBeFalse();
    }

    [Fact]
    public void Failures_that_lie_far_apart_do_not_open_the_circuit()
    {
        for (var failure = 0; failure < 10; failure++)
        {
            _circuit.RecordFailure(waited: false).ShouldBeFalse();
            _clock.Advance(TimeSpan.FromSeconds(6));
        }
    }

    [Fact]
    public void One_timeout_opens_the_circuit()
    {
        _circuit.RecordFailure(waited: true).ShouldBeTrue();
    }

    [Fact]
    [Trait("Case", "C245")]
    public async Task The_circuit_is_probed_when_the_break_is_over_and_not_before()
    {
        _circuit.RecordFailure(waited: true);

        _clock.Advance(TimeSpan.FromSeconds(0.7));
        (await ProbeAsync(answers: true)).ShouldBeFalse();
        _asked.ShouldBe(0);

        _clock.Advance(TimeSpan.FromSeconds(0.6));
        (await ProbeAsync(answers: true)).ShouldBeTrue();
        (_asked, _circuit.IsOpen).ShouldBe((1, false));
    }

    [Fact]
    public async Task A_probe_in_vain_makes_the_next_break_longer_up_to_four_times()
    {
        _circuit.RecordFailure(waited: true);
        foreach (var (least, most) in new[] { (0.75, 1.25), (1.5, 2.5), (3, 5), (3, 5), (3.0, 5.0) })
        {
            _clock.Advance(TimeSpan.FromSeconds(least - 0.01));
            _circuit.IsProbeDue.ShouldBeFalse();
            _clock.Advance(TimeSpan.FromSeconds(most - least + 0.02));
            _circuit.IsProbeDue.ShouldBeTrue();
            (await ProbeAsync(answers: false)).ShouldBeFalse();
        }

        _circuit.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Only_one_probe_runs_at_a_time()
    {
        _circuit.RecordFailure(waited: true);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var answer = new TaskCompletionSource();

        var first = _circuit.ProbeAsync(onlyIfDue: true, () => answer.Task);
        _circuit.IsProbeDue.ShouldBeFalse();
        (await ProbeAsync(answers: true)).ShouldBeFalse();
        answer.SetResult();

        (await first).ShouldBeTrue();
        _asked.ShouldBe(0);
    }

    [Fact]
    public async Task A_recovery_check_opens_the_circuit_if_the_replica_does_not_answer()
    {
        (await _circuit.ProbeAsync(onlyIfDue: false, () => Answer(true))).ShouldBeFalse();
        _circuit.IsOpen.ShouldBeFalse();

        (await _circuit.ProbeAsync(onlyIfDue: false, () => Answer(false))).ShouldBeTrue();
        _circuit.IsOpen.ShouldBeTrue();
    }

    private Task<bool> ProbeAsync(bool answers) => _circuit.ProbeAsync(onlyIfDue: true, () => Answer(answers));

    private Task Answer(bool answers)
    {
        _asked++;
        return answers ? Task.CompletedTask : Task.FromException(new IOException("no answer"));
    }
}
