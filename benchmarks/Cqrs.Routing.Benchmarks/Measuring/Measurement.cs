namespace Cqrs.Routing.Benchmarks.Measuring;

/// <summary>What one candidate cost.</summary>
/// <param name="name">The candidate.</param>
internal sealed class Measurement(string name)
{
    private readonly List<double> _bytes = [];
    private readonly List<List<double>> _nanoseconds = [];

    public string Name => name;

    /// <summary>Per operation, in nanoseconds.</summary>
    public double Time => Statistics.Median(_nanoseconds.SelectMany(epoch => epoch));

    /// <summary>Allocated per operation, on all threads.</summary>
    public double Bytes => Statistics.Median(_bytes);

    public void BeginEpoch() => _nanoseconds.Add([]);

    public void Add(double nanoseconds, double bytes)
    {
        _nanoseconds[^1].Add(nanoseconds);
        _bytes.Add(bytes);
    }

    /// <summary>This one's time in terms of another's, for each epoch: the median of its rounds, so that what slows down a whole round cancels out.</summary>
    public double[] RatiosTo(Measurement other) =>
        [.. _nanoseconds.Zip(other._nanoseconds, (own, others) => Statistics.Median(own.Zip(others, (time, otherTime) => time / otherTime)))];

    public double RatioTo(Measurement other) => Statistics.Median(RatiosTo(other));
}
