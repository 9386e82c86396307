namespace Cqrs.Routing.Benchmarks.PointQuery;

internal sealed class Note
{
    public int Id { get; set; }

    public string Text { get; set; } = "";
}
