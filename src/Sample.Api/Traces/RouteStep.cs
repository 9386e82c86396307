using Cqrs.Routing;

namespace Sample.Api.Traces;

/// <summary>One request of a trace: which server answered it, and why.</summary>
internal sealed record RouteStep(string Request, Route Route, RouteReason Reason)
{
    /// <summary>How long it waited for the replica before that, in milliseconds.</summary>
    public double WaitedMilliseconds { get; init; }

    public override string ToString() => $"{Request}: {Route} ({Reason})";
}
