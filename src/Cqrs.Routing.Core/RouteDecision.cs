namespace Cqrs.Routing;

/// <summary>Where something runs, and why.</summary>
/// <param name="Route">The server.</param>
/// <param name="Reason">Why that one.</param>
public readonly record struct RouteDecision(DatabaseRole Route, RouteReason Reason)
{
    internal static RouteDecision Default => new(DatabaseRole.Primary, RouteReason.NoRequest);

    /// <summary>The decision in two words, such as <c>Primary (InsideCommand)</c>.</summary>
    /// <returns>Route and reason.</returns>
    public override string ToString() => $"{Route} ({Reason})";
}
