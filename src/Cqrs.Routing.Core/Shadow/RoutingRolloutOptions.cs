namespace Cqrs.Routing;

/// <summary>
/// Which requests are routed, and which run in shadow mode: on the primary, with nothing refused, as they did before this library came, while
/// <see cref="ShadowReport"/> collects what it would have done.
/// </summary>
/// <remarks>
/// Bind it to configuration, <c>services.Configure&lt;RoutingRolloutOptions&gt;(configuration.GetSection(RoutingRolloutOptions.Section))</c>, and it is read
/// again whenever the configuration changes. A change that is not valid is logged, and the former setting stays; in a section of another name the configuration
/// binder leaves out what is not a number in <see cref="Requests"/>. What is decided for a request holds for everything that it sends, and for every time that the
/// same instance is sent.
/// </remarks>
public sealed class RoutingRolloutOptions
{
    /// <summary>The usual name of the configuration section.</summary>
    public const string SectionName = "RoutingRollout";

    /// <summary>How many of a hundred requests are routed, of each type that <see cref="Requests"/> does not name. The others run in shadow mode.</summary>
    /// <value>Default 100: all are routed. Zero: everything is in shadow mode.</value>
    public int Percent { get; set; } = 100;

    /// <summary>The same for single request types, by name as it is written in C#: <c>GetOrder</c>, <c>GetOrder.Query</c>, or with the namespace in front.</summary>
    /// <value>Default empty. A name with a namespace goes before one without; capitals make no difference.</value>
    /// <remarks>Counts where a request is sent from outside any other one. A request inside another follows the outermost.</remarks>
    public Dictionary<string, int> Requests { get; } = new(StringComparer.OrdinalIgnoreCase);
}
