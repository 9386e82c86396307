namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>The stages of falling back to the primary, as the library's counter names them.</summary>
internal static class FallbackStages
{
    public static IReadOnlyList<string> All { get; } = ["connection", "statement", "handler"];
}
