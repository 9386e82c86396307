namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>Reads one row by its key.</summary>
internal sealed record FindNote : IQuery<Note>
{
    public const int Id = 7;

    public static readonly FindNote Instance = new();
}
