using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;

namespace Cqrs.Routing;

/// <summary>The route of the code that is running, and ways to set it outside the mediator.</summary>
/// <remarks>Ambient: it flows with <see langword="await"/> and into tasks, and is safe to use from any thread.</remarks>
public static class RouteScope
{
    /// <summary>Where the request that is running reads, and why.</summary>
    /// <value>Primary (NoRequest) outside any request.</value>
    /// <remarks>A context may stay on the primary all the same, for instance where its transaction is open; logs and the recorder tell that per context.</remarks>
    public static RouteDecision Current => RouteFrame.Current?.Decision ?? RouteDecision.Default;

    /// <summary>Why the code that is running reads where it reads.</summary>
    /// <returns>The decision of <see cref="Current"/> and the steps to it.</returns>
    /// <remarks><c>Database.ExplainRoute()</c> also says why one context stays elsewhere.</remarks>
    public static RouteExplanation Explain() => RouteExplainer.Explain(RouteFrame.Current);

    /// <summary>Reads from the primary until the result is disposed.</summary>
    /// <returns>Dispose it, in the method that called, to go back to what was before.</returns>
    /// <remarks>Nests. Opens no connection and no transaction, and lets no query write.</remarks>
    public static IDisposable ForcePrimary() => Begin(ScopeRequests.Forced, forced: true);

    /// <summary>Reads as if inside a query until the result is disposed: for query services and Dapper, without a mediator.</summary>
    /// <returns>Dispose it, in the method that called, to go back to what was before.</returns>
    /// <remarks>The rules are those of a query: on the replica where nothing speaks against it, on the primary inside a command, and never a write.</remarks>
    public static IDisposable BeginQuery() => Begin(ScopeRequests.Query, forced: false);

    /// <summary>Begins a command until the result is disposed: on the primary, it may write, and its session counts it. For code without a mediator.</summary>
    /// <returns>Dispose it, in the method that called, to go back to what was before.</returns>
    /// <remarks>
    /// Opens no connection and no transaction. It belongs to the session around it, or to that of the scope that its first context was injected in: the next query of that session waits for what it wrote, or reads from the primary.
    /// </remarks>
    /// <exception cref="CommandInQueryException">A query is running that may not send commands.</exception>
    public static IDisposable BeginCommand()
    {
        RequestRouter.EnsureMayRun(ScopeRequests.Command, RouteFrame.Current);
        var frame = Begin(ScopeRequests.Command, forced: false);
        frame.BeginCommand();
        return frame;
    }

    /// <summary>Steps out of the running request, and of its session, until the result is disposed: what runs inside is outside any request, and so on the primary, where it may write.</summary>
    /// <returns>Dispose it, in the method that called, to go back to what was before.</returns>
    /// <remarks>
    /// For infrastructure that keeps its own books while a query runs: Data Protection keys, localisation, an inbox, a worker that is started when it is first needed. Use a context of its own inside, from a
    /// factory or a new scope: that of the query may be open on the replica. A task that is started inside stays outside, also after the result was disposed. What is written inside is not noted for the
    /// request's session, and a request that is sent inside is the outermost.
    /// </remarks>
    public static IDisposable Suppress()
    {
        var frame = RouteFrame.ForNone();
        frame.Begin();
        return frame;
    }

    /// <summary>Reads as a query that is routed, also where others are in shadow mode: before they are routed, the replica has to be proven.</summary>
    internal static IDisposable BeginSelfCheck()
    {
        var frame = Begin(ScopeRequests.Query, forced: false);
        frame.ExcludeFromShadow();
        return frame;
    }

    private static RouteFrame Begin(RequestInfo traits, bool forced)
    {
        var frame = new RouteFrame(traits, scope: null, forced);
        frame.Begin();
        return frame;
    }
}
