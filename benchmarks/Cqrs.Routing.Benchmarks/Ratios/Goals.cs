using Cqrs.Routing.Benchmarks.Measuring;

namespace Cqrs.Routing.Benchmarks.Ratios;

/// <summary>Compares what was measured with the goals, and says so.</summary>
internal sealed class Goals
{
    public bool AllHold { get; private set; } = true;

    /// <summary>At most so many times another's time.</summary>
    public void Time(Measurement subject, Measurement baseline, double limit)
    {
        var ratio = subject.RatioTo(baseline);
        Judge($"time x {ratio:F3}", $"at most x {limit:F3}", ratio <= limit);
    }

    /// <summary>No slower than the baseline beyond what a copy of the baseline is slower, or faster, than it.</summary>
    public void TimeWithinNoise(Measurement subject, Measurement baseline, Measurement control)
    {
        var ratio = subject.RatioTo(baseline);
        var ratios = control.RatiosTo(baseline);
        var noise = Statistics.NoiseOf(ratios);
        Judge($"time x {ratio:F3}", $"at most x {noise:F3}, the noise of the control ({ratios.Min():F3} to {ratios.Max():F3} by epoch, x {Statistics.Median(ratios):F3} in all)", ratio <= noise);
    }

    /// <summary>At most so many bytes more than another.</summary>
    public void Bytes(Measurement subject, Measurement baseline, double limit, string basis)
    {
        var more = subject.Bytes - baseline.Bytes;
        Judge($"{more:+0;-0;0} bytes", $"at most {limit:+0;-0;0}, {basis}", more <= limit + 0.5);
    }

    private void Judge(string measured, string goal, bool holds)
    {
        AllHold &= holds;
        Console.WriteLine($"- {(holds ? "holds" : "**does not hold**")}: {measured}; goal: {goal}");
    }
}
