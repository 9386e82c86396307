namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>A command that does nothing.</summary>
internal sealed record Change : ICommand<string>
{
    public static readonly Change Instance = new();
}
