namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>A query that does nothing.</summary>
internal sealed record Get : IQuery<string>
{
    public static readonly Get Instance = new();
}
