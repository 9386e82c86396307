using Cqrs.Routing;

namespace Sample.Api.Traces;

/// <summary>One request of a trace: which server answered it, and why.</summary>
internal sealed record RouteStep(string Request, DatabaseRole Route, RouteReason Reason)
{
    /// <summary>How long it waited for the replica before that, in milliseconds.</summary>
    public double WaitedMilliseconds { get; init; }

    /// <summary>The steps to the decision, in words. The same decision in the same request has the same, so they do not count when two are compared.</summary>
    public string Chain { get; init; } = "";

    public bool Equals(RouteStep? other) =>
        other is not null && (Request, Route, Reason, WaitedMilliseconds) == (other.Request, other.Route, other.Reason, other.WaitedMilliseconds);

    public override int GetHashCode() => HashCode.Combine(Request, Route, Reason, WaitedMilliseconds);

    public override string ToString() => $"{Request}: {Route} ({Reason})";
}
