using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing;

/// <summary>The options of <c>AddRoutingBehavior</c> and <c>AddCqrsRoutingCore</c>. They are read once, when the first request is sent.</summary>
public sealed class RoutingOptions
{
    private readonly HashSet<Type> _queryMarkers = [];
    private readonly HashSet<Type> _commandMarkers = [];
    private readonly List<Func<Type, bool>> _queries = [];
    private readonly List<Func<Type, bool>> _commands = [];
    private TimeSpan _tokenLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets whether a query may send a command.</summary>
    /// <value>
    /// Default <see langword="false"/>: it throws <see cref="CommandInQueryException"/>. If allowed, the command runs on the primary, and the query's later reads do,
    /// too.
    /// </value>
    public bool AllowCommandsInQueries { get; set; }

    /// <summary>Gets or sets whether an application without a replica is an error.</summary>
    /// <value>
    /// Default <see langword="false"/>: <c>UseReplica(null)</c> runs everything on the primary. With <see langword="true"/>, the host does not start, and a query on a
    /// context without a replica throws.
    /// </value>
    public bool RequireReplica { get; set; }

    /// <summary>
    /// Gets or sets how long a session's writes and reads are remembered. The limit applies to tokens, to the process that reads them, and to scopes that live longer.
    /// </summary>
    /// <value>Default 60 seconds, as in MediaWiki: longer than the lag of a healthy replica. It is also the longest time that a broken replica keeps a session on the primary.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above zero, or is above a day.</exception>
    public TimeSpan SessionLifetime
    {
        get => _tokenLifetime;
        set => _tokenLifetime = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"{nameof(RoutingOptions)}.{nameof(SessionLifetime)} must be above zero and at most one day; usually it is seconds or minutes. [CR212]");
    }

    internal IReadOnlySet<Type> QueryMarkers => _queryMarkers;

    internal IReadOnlySet<Type> CommandMarkers => _commandMarkers;

    internal IReadOnlyList<Func<Type, bool>> QueryConventions => _queries;

    internal IReadOnlyList<Func<Type, bool>> CommandConventions => _commands;

    /// <summary>Treats all types that implement an interface as queries.</summary>
    /// <param name="marker">The interface. For a generic interface, its definition, such as <c>typeof(IQuery&lt;&gt;)</c>.</param>
    /// <returns>These options.</returns>
    /// <remarks>An adapter adds the markers of its mediator. Markers take precedence over conventions. A type with markers of both kinds is an error.</remarks>
    /// <exception cref="ArgumentException">The type is not an interface, or is a closed generic one.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="marker"/> is null.</exception>
    public RoutingOptions AddQueryMarker(Type marker) => Add(_queryMarkers, marker);

    /// <summary>Treats all types that implement an interface as commands.</summary>
    /// <param name="marker">The interface. For a generic interface, its definition, such as <c>typeof(ICommand&lt;&gt;)</c>.</param>
    /// <returns>These options.</returns>
    /// <remarks>The rules are those of <see cref="AddQueryMarker"/>.</remarks>
    /// <exception cref="ArgumentException">The type is not an interface, or is a closed generic one.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="marker"/> is null.</exception>
    public RoutingOptions AddCommandMarker(Type marker) => Add(_commandMarkers, marker);

    /// <summary>Throws if a request type has a query marker and a command marker. An adapter calls it when it finds the type's handler, long before a request is sent.</summary>
    /// <param name="requestType">The type.</param>
    /// <exception cref="InvalidOperationException">The type has both markers.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="requestType"/> is null.</exception>
    public void EnsureOneMarker(Type requestType)
    {
        ArgumentNullException.ThrowIfNull(requestType);
        RequestClassifier.EnsureOneMarker(requestType, this);
    }

    /// <summary>Treats request types without a marker as queries if <paramref name="isQuery"/> returns true.</summary>
    /// <param name="isQuery">The convention. It is called once per request type; an exception that it throws reaches the sender.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isQuery"/> is null.</exception>
    public RoutingOptions TreatAsQuery(Func<Type, bool> isQuery)
    {
        ArgumentNullException.ThrowIfNull(isQuery);
        _queries.Add(isQuery);
        return this;
    }

    /// <summary>Treats request types without a marker as commands if <paramref name="isCommand"/> returns true.</summary>
    /// <param name="isCommand">The convention. It is called once per request type; an exception that it throws reaches the sender.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isCommand"/> is null.</exception>
    public RoutingOptions TreatAsCommand(Func<Type, bool> isCommand)
    {
        ArgumentNullException.ThrowIfNull(isCommand);
        _commands.Add(isCommand);
        return this;
    }

    /// <summary>Classifies request types without a marker by the end of their name: <c>GetOrdersQuery</c>, <c>GetOrders.Query</c>, <c>PlaceOrderCommand</c>.</summary>
    /// <param name="querySuffix">The end of a query's name. Default <c>Query</c>.</param>
    /// <param name="commandSuffix">The end of a command's name. Default <c>Command</c>.</param>
    /// <returns>These options.</returns>
    /// <remarks>Generic arity is not part of the name. A nested type is also classified by the names of its declaring types.</remarks>
    /// <exception cref="ArgumentNullException">A suffix is null.</exception>
    /// <exception cref="ArgumentException">A suffix is blank.</exception>
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
            throw new ArgumentException($"{TypeNames.Format(marker)} cannot mark requests. Use an interface, and for a generic one its definition: typeof(IQuery<>). [CR208]", nameof(marker));
        markers.Add(marker);
        return this;
    }
}
