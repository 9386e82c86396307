namespace Cqrs.Routing;

/// <summary>The server that a request or context uses, and the reason.</summary>
/// <param name="Route">The server.</param>
/// <param name="Reason">The reason for that server.</param>
public readonly record struct RouteDecision(DatabaseRole Route, RouteReason Reason)
{
    internal static RouteDecision Default => new(DatabaseRole.Primary, RouteReason.NoRequest);

    /// <summary>Returns the route and the reason, such as <c>Primary (InsideCommand)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Route} ({Reason})";
}
