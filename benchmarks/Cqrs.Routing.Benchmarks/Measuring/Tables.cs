namespace Cqrs.Routing.Benchmarks.Measuring;

/// <summary>Writes Markdown, which goes into the documentation as it is.</summary>
internal static class Tables
{
    public static Measurement Named(this IReadOnlyList<Measurement> measurements, string name) => measurements.Single(measurement => measurement.Name == name);

    public static void Print(string title, IReadOnlyList<Measurement> measurements, Measurement baseline)
    {
        Begin(title, "", "time, µs", "ratio", "bytes", "more");
        foreach (var measurement in measurements)
        {
            Row(
                measurement.Name,
                $"{measurement.Time / 1000:F3}",
                $"{measurement.RatioTo(baseline):F3}",
                $"{measurement.Bytes:F0}",
                $"{measurement.Bytes - baseline.Bytes:+0;-0;0}");
        }

        Console.WriteLine();
    }

    public static void Begin(string title, params string[] columns)
    {
        Console.WriteLine($"\n**{title}**\n");
        Row(columns);
        Console.WriteLine($"|{string.Concat(columns.Select(_ => "---|"))}");
    }

    public static void Row(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
