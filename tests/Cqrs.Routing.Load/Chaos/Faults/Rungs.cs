namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>The rungs of the ladder, as the library's counter names them.</summary>
internal static class Rungs
{
    public static IReadOnlyList<string> All { get; } = ["connection", "statement", "handler"];
}
