namespace Cqrs.Routing.Benchmarks.Measuring;

internal static class Statistics
{
    private const int Resamples = 10_000;

    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>
    /// How far above one the median of so many ratios between two identical copies comes by chance, in one case of a hundred: the 99th percentile of the medians of samples
    /// drawn from the ratios that were measured. Which copy is divided by which is arbitrary, so each ratio counts in both directions.
    /// </summary>
    public static double NoiseOf(double[] control)
    {
        var pool = control.Concat(control.Select(ratio => 1 / ratio)).ToArray();
        var random = new Random(1);
        var medians = new double[Resamples];
        for (var resample = 0; resample < Resamples; resample++)
            medians[resample] = Median(control.Select(_ => pool[random.Next(pool.Length)]));
        Array.Sort(medians);
        return Quantile(medians, 0.99);
    }

    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
