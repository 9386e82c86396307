using System.Runtime.CompilerServices;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;

namespace Cqrs.Routing;

/// <summary>Gives the route of the running code, and ways to set it outside the mediator.</summary>
/// <remarks>The scope is an ambient flow: it flows with <see langword="await"/> and into tasks. Thread safe.</remarks>
public static class RouteScope
{
    private const int MaxNameLength = 200;

    /// <summary>Gets the server that the running request reads from, and the reason.</summary>
    /// <value>Primary (NoRequest) outside any request.</value>
    /// <remarks>A context may stay on the primary nevertheless, for example if its transaction is open there. Logs and the recorder report that per context.</remarks>
    public static RouteDecision Current => RouteFrame.Current?.Decision ?? RouteDecision.Default;

    /// <summary>Explains why the running code reads from its server.</summary>
    /// <returns>The decision of <see cref="Current"/> and the steps that led to it.</returns>
    /// <remarks><c>Database.ExplainRoute()</c> also explains why a single context uses another server.</remarks>
    public static RouteExplanation Explain() => RouteExplainer.Explain(RouteFrame.Current);

    /// <summary>Sends reads to the primary until the result is disposed.</summary>
    /// <returns>An object to dispose in the calling method. Disposing it restores the previous state.</returns>
    /// <remarks>Calls can be nested. It opens no connection and no transaction, and a query still cannot write.</remarks>
    public static IDisposable ForcePrimary() => Begin(ScopeRequests.Forced, forced: true);

    /// <summary>Begins a query until the result is disposed, for query services and Dapper without a mediator. Its name is the calling file and member.</summary>
    /// <param name="member">The calling member. The compiler fills it in.</param>
    /// <param name="file">The calling source file, of which only the name is used. The compiler fills it in.</param>
    /// <returns>An object to dispose in the calling method. Disposing it restores the previous state.</returns>
    /// <remarks>
    /// The rules of a query apply. It reads from the replica unless a reason requires the primary, and from the primary inside a command. It never writes. Logs, metrics and
    /// reports name it, as in <c>RouteScope.BeginQuery(OrderQueries.GetTotals)</c>. <see cref="BeginQuery(string)"/> gives it another name.
    /// </remarks>
    public static IDisposable BeginQuery([CallerMemberName] string member = "", [CallerFilePath] string file = "") => Begin(ScopeRequests.Query(member, file), forced: false);

    /// <summary>Begins a query with a name until the result is disposed, for query services and Dapper without a mediator.</summary>
    /// <param name="name">A constant name for logs, metrics, reports and <see cref="RoutingRolloutOptions.Requests"/>. After 1,000 names in a process, further ones are reported together.</param>
    /// <returns>An object to dispose in the calling method. Disposing it restores the previous state.</returns>
    /// <remarks>The rules of a query apply. It reads from the replica unless a reason requires the primary, and from the primary inside a command. It never writes.</remarks>
    /// <exception cref="ArgumentException">The name is null or white space, is longer than 200 characters, or contains a colon or a control character.</exception>
    public static IDisposable BeginQuery(string name)
    {
        EnsureName(name);
        return Begin(ScopeRequests.Query(name), forced: false);
    }

    /// <summary>
    /// Begins a command until the result is disposed, for code without a mediator. The command runs on the primary, may write, and counts in its session. Its name is the
    /// calling file and member.
    /// </summary>
    /// <param name="member">The calling member. The compiler fills it in.</param>
    /// <param name="file">The calling source file, of which only the name is used. The compiler fills it in.</param>
    /// <returns>An object to dispose in the calling method. Disposing it restores the previous state.</returns>
    /// <remarks>
    /// It opens no connection and no transaction. It belongs to the session around it, or to the session of the scope that injected its first context. The next query of
    /// that session waits for the command's writes, or reads from the primary.
    /// </remarks>
    /// <exception cref="CommandInQueryException">A query is running that may not send commands.</exception>
    public static IDisposable BeginCommand([CallerMemberName] string member = "", [CallerFilePath] string file = "") => BeginCommand(ScopeRequests.Command(member, file));

    /// <summary>Begins a command with a name until the result is disposed, for code without a mediator. The command runs on the primary, may write, and counts in its session.</summary>
    /// <param name="name">A constant name for logs, metrics and reports. After 1,000 names in a process, further ones are reported together.</param>
    /// <returns>An object to dispose in the calling method. Disposing it restores the previous state.</returns>
    /// <remarks>
    /// It opens no connection and no transaction. It belongs to the session around it, or to the session of the scope that injected its first context. The next query of
    /// that session waits for the command's writes, or reads from the primary.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is null or white space, is longer than 200 characters, or contains a colon or a control character.</exception>
    /// <exception cref="CommandInQueryException">A query is running that may not send commands.</exception>
    public static IDisposable BeginCommand(string name)
    {
        EnsureName(name);
        return BeginCommand(ScopeRequests.Command(name));
    }

    /// <summary>Leaves the running request and its session until the result is disposed. Code inside is outside any request, so it runs on the primary and may write.</summary>
    /// <returns>An object to dispose in the calling method. Disposing it restores the previous state.</returns>
    /// <remarks>
    /// Use it for infrastructure that writes its own data while a query runs. Examples are Data Protection keys, localisation, an inbox, or a worker that starts on first
    /// use. Inside, use a separate context from a factory or a new scope, because the query's context may be open on the replica. A task that is started inside stays
    /// outside the request, even after the result was disposed. The request's session does not record writes made inside. A request that is sent inside is an outermost
    /// request.
    /// </remarks>
    public static IDisposable Suppress()
    {
        var frame = RouteFrame.ForNone();
        frame.Begin();
        return frame;
    }

    /// <summary>Begins a query that is routed even if others are in shadow mode, because the replica has to be checked before they are routed.</summary>
    internal static IDisposable BeginSelfCheck()
    {
        var frame = Begin(ScopeRequests.Query("self-check"), forced: false);
        frame.ExcludeFromShadow();
        return frame;
    }

    // The name is a line of a log, and a key of configuration.
    private static void EnsureName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > MaxNameLength || name.Any(static letter => letter == ':' || char.IsControl(letter)))
            throw new ArgumentException($"The name of a scope has at most {MaxNameLength} characters, no colon and no control characters, because logs and RoutingRolloutOptions.Requests name it. Use one such as \"totals of the day\". [CR250]", nameof(name));
    }

    private static RouteFrame BeginCommand(RequestInfo command)
    {
        RequestRouter.EnsureMayRun(command, RouteFrame.Current);
        var frame = Begin(command, forced: false);
        frame.BeginCommand();
        return frame;
    }

    private static RouteFrame Begin(RequestInfo traits, bool forced)
    {
        var frame = new RouteFrame(traits, scope: null, forced);
        frame.Begin();
        return frame;
    }
}
