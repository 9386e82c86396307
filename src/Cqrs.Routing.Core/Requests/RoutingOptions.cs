using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing;

/// <summary>What <c>AddRoutingBehavior</c> and <c>AddCqrsRoutingCore</c> can be told. Read once, when the first request is sent.</summary>
public sealed class RoutingOptions
{
    private readonly HashSet<Type> _queryMarkers = [];
    private readonly HashSet<Type> _commandMarkers = [];
    private readonly List<Func<Type, bool>> _queries = [];
    private readonly List<Func<Type, bool>> _commands = [];
    private TimeSpan _tokenLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Whether a query may send a command.</summary>
    /// <value>
    /// Default <see langword="false"/>: it throws <see cref="CommandInQueryException"/>. When allowed, the command runs on the primary and the
    /// query's later reads go there too.
    /// </value>
    public bool AllowCommandsInQueries { get; set; }

    /// <summary>Whether an application without a replica is an error.</summary>
    /// <value>
    /// Default <see langword="false"/>: <c>UseReplica(null)</c> runs everything on the primary. When required, the host does not start, and a query
    /// on a context without a replica throws.
    /// </value>
    public bool RequireReplica { get; set; }

    /// <summary>How long what a session did or saw is remembered: in a token, by the process that reads it, and in a scope that lives longer.</summary>
    /// <value>
    /// Default 60 seconds, as in MediaWiki: longer than a healthy replica lags, and the longest time that a broken one keeps a session on the
    /// primary.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">Not above zero, or above a day.</exception>
    public TimeSpan SessionLifetime
    {
        get => _tokenLifetime;
        set => _tokenLifetime = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"{nameof(RoutingOptions)}.{nameof(SessionLifetime)} is a time above zero and up to a day; usually seconds or minutes.");
    }

    internal IReadOnlySet<Type> QueryMarkers => _queryMarkers;

    internal IReadOnlySet<Type> CommandMarkers => _commandMarkers;

    internal IReadOnlyList<Func<Type, bool>> QueryConventions => _queries;

    internal IReadOnlyList<Func<Type, bool>> CommandConventions => _commands;

    /// <summary>Treats all types that implement an interface as queries.</summary>
    /// <param name="marker">The interface; of a generic one its definition, such as <c>typeof(IQuery&lt;&gt;)</c>.</param>
    /// <returns>These options.</returns>
    /// <remarks>An adapter names the markers of its mediator. Markers come before conventions; a type with markers of both kinds is an error.</remarks>
    /// <exception cref="ArgumentException">It is no interface, or a closed generic one.</exception>
    public RoutingOptions AddQueryMarker(Type marker) => Add(_queryMarkers, marker);

    /// <summary>Treats all types that implement an interface as commands.</summary>
    /// <param name="marker">The interface; of a generic one its definition, such as <c>typeof(ICommand&lt;&gt;)</c>.</param>
    /// <returns>These options.</returns>
    /// <remarks>As for <see cref="AddQueryMarker"/>.</remarks>
    /// <exception cref="ArgumentException">It is no interface, or a closed generic one.</exception>
    public RoutingOptions AddCommandMarker(Type marker) => Add(_commandMarkers, marker);

    /// <summary>Reports a request type with a query marker and a command marker, where an adapter learns of its handler: long before it is sent.</summary>
    /// <param name="requestType">The type.</param>
    /// <exception cref="InvalidOperationException">The type has both.</exception>
    public void EnsureOneMarker(Type requestType)
    {
        ArgumentNullException.ThrowIfNull(requestType);
        RequestClassifier.EnsureOneMarker(requestType, this);
    }

    /// <summary>Treats request types without a marker as queries where <paramref name="isQuery"/> says so.</summary>
    /// <param name="isQuery">Asked once per request type; an exception it throws reaches the sender.</param>
    /// <returns>These options.</returns>
    public RoutingOptions TreatAsQuery(Func<Type, bool> isQuery)
    {
        ArgumentNullException.ThrowIfNull(isQuery);
        _queries.Add(isQuery);
        return this;
    }

    /// <summary>Treats request types without a marker as commands where <paramref name="isCommand"/> says so.</summary>
    /// <param name="isCommand">Asked once per request type; an exception it throws reaches the sender.</param>
    /// <returns>These options.</returns>
    public RoutingOptions TreatAsCommand(Func<Type, bool> isCommand)
    {
        ArgumentNullException.ThrowIfNull(isCommand);
        _commands.Add(isCommand);
        return this;
    }

    /// <summary>Classifies request types without a marker by the end of their name: <c>GetOrdersQuery</c>, <c>GetOrders.Query</c>, <c>PlaceOrderCommand</c>.</summary>
    /// <param name="querySuffix">How a query's name ends. Default <c>Query</c>.</param>
    /// <param name="commandSuffix">How a command's name ends. Default <c>Command</c>.</param>
    /// <returns>These options.</returns>
    /// <remarks>Generic arity is left out of the name; a nested type is also known by the names of the types around it.</remarks>
    public RoutingOptions ClassifyByNameSuffix(string querySuffix = "Query", string commandSuffix = "Command")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(querySuffix);
        ArgumentException.ThrowIfNullOrWhiteSpace(commandSuffix);
        return TreatAsQuery(type => RequestName.FirstSuffix(type, querySuffix, commandSuffix) == querySuffix)
            .TreatAsCommand(type => RequestName.FirstSuffix(type, querySuffix, commandSuffix) == commandSuffix);
    }

    private RoutingOptions Add(HashSet<Type> markers, Type marker)
    {
        ArgumentNullException.ThrowIfNull(marker);
        if (!marker.IsInterface || marker.IsConstructedGenericType)
            throw new ArgumentException($"{TypeNames.Format(marker)} cannot mark requests. Name an interface, and of a generic one its definition: typeof(IQuery<>).", nameof(marker));
        markers.Add(marker);
        return this;
    }
}
