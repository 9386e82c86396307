namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>Reads one row by its key, and tracks it.</summary>
internal sealed record TrackNote : IQuery<Note>
{
    public static readonly TrackNote Instance = new();
}
