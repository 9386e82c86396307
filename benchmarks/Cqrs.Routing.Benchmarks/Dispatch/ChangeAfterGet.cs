namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>A command that sends a query.</summary>
internal sealed record ChangeAfterGet : ICommand<string>
{
    public static readonly ChangeAfterGet Instance = new();
}
