using System.Globalization;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>What became of the queries of one shape.</summary>
internal sealed class ShapeCount
{
    public int Queries { get; set; }

    public int Failed { get; set; }

    /// <summary>Streams that broke after their first element.</summary>
    public int Broken { get; set; }

    public TimeSpan Total { get; set; }

    public TimeSpan Slowest { get; set; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Queries} | {Failed} | {Broken} | {(Queries == 0 ? 0 : Total.TotalMilliseconds / Queries):F0} | {Slowest.TotalMilliseconds:F0}");
}
