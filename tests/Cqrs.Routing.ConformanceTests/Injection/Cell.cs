namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>One fault, in one request.</summary>
/// <param name="Point">Where.</param>
/// <param name="Kind">What.</param>
/// <param name="Server">On which server: a query's on the replica, a command's on the primary.</param>
/// <param name="Style">In a request of which kind.</param>
internal sealed record Cell(FaultPoint Point, FaultKind Kind, Server Server, Style Style)
{
    /// <summary>Whether the fault is met when the scope of the request ends, and not in the request.</summary>
    public bool EndsScope => Point is FaultPoint.Disposing or FaultPoint.Resetting or FaultPoint.Reset;

    /// <summary>Whether the request leaves a transaction open, and with it its connection.</summary>
    public bool LeavesOpen => Point is FaultPoint.Resetting or FaultPoint.Reset;

    public static IEnumerable<Cell> On(Server server) =>
        from point in Enum.GetValues<FaultPoint>()
        from kind in Enum.GetValues<FaultKind>()
        from style in Enum.GetValues<Style>()
        select new Cell(point, kind, server, style);
}
