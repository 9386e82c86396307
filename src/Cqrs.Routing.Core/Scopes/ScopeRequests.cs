using System.Collections.Concurrent;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Scopes;

/// <summary>Holds the request information of scopes, which have no request type. Thread safe.</summary>
internal static class ScopeRequests
{
    // A name that is made up at each call must not fill the memory.
    private const int MaxNames = 1000;

    /// <summary>The request of work inside <see cref="RouteScope.ForcePrimary"/>.</summary>
    public static readonly RequestInfo Forced = Create(RequestKind.Unclassified, nameof(RouteScope.ForcePrimary));

    /// <summary>The request of work inside <see cref="RouteScope.Suppress"/>.</summary>
    public static readonly RequestInfo Suppressed = Create(RequestKind.Unclassified, nameof(RouteScope.Suppress));

    /// <summary>The request of work inside <see cref="RoutingSession.Begin"/>.</summary>
    public static readonly RequestInfo Session = new(typeof(RoutingSession), RequestKind.Unclassified);

    private static readonly Names Queries = new(RequestKind.Query, nameof(RouteScope.BeginQuery));
    private static readonly Names Commands = new(RequestKind.Command, nameof(RouteScope.BeginCommand));

    /// <summary>Returns the request of reads inside <see cref="RouteScope.BeginQuery(string)"/>.</summary>
    /// <param name="name">The name that the application gave it, or the calling member.</param>
    /// <param name="file">The path of the calling source file; null for a name that the application gave.</param>
    public static RequestInfo Query(string name, string? file = null) => Queries.Get(name, file);

    /// <summary>Returns the request of work inside <see cref="RouteScope.BeginCommand(string)"/>.</summary>
    /// <param name="name">The name that the application gave it, or the calling member.</param>
    /// <param name="file">The path of the calling source file; null for a name that the application gave.</param>
    public static RequestInfo Command(string name, string? file = null) => Commands.Get(name, file);

    private static RequestInfo Create(RequestKind kind, string method, string? name = null) =>
        new(typeof(RouteScope), kind, name: $"{nameof(RouteScope)}.{method}({name})", group: $"{nameof(RouteScope)}.{method}()");

    private sealed class Names(RequestKind kind, string method)
    {
        private readonly RequestInfo _others = Create(kind, method);
        private readonly ConcurrentDictionary<(string Name, string? File), RequestInfo> _known = new();

        public RequestInfo Get(string name, string? file)
        {
            if (_known.TryGetValue((name, file), out var known))
                return known;

            return _known.Count < MaxNames ? _known.GetOrAdd((name, file), Create(kind, method, file is null ? name : $"{FileName(file)}.{name}")) : _others;
        }

        // The path is that of the machine that compiled the caller.
        private static string FileName(string file)
        {
            var name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
            return name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        }
    }
}
