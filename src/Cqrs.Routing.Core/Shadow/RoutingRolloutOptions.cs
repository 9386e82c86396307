namespace Cqrs.Routing;

/// <summary>
/// Sets which requests are routed, and which run in shadow mode. In shadow mode, requests run on the primary and nothing is refused, as without this library.
/// <see cref="ShadowReport"/> collects what routing would have done.
/// </summary>
/// <remarks>
/// Bind it to configuration: <c>services.Configure&lt;RoutingRolloutOptions&gt;(configuration.GetSection(RoutingRolloutOptions.SectionName))</c>. It is read again
/// whenever the configuration changes. An invalid change is logged, and the former setting stays. In a section of another name, the configuration binder ignores entries
/// of <see cref="Requests"/> that are not numbers. The decision for a request also applies to all requests that it sends, and to each time the same instance is sent.
/// </remarks>
public sealed class RoutingRolloutOptions
{
    /// <summary>The usual name of the configuration section.</summary>
    public const string SectionName = "RoutingRollout";

    /// <summary>Gets or sets the percentage of requests that are routed, for each type that <see cref="Requests"/> does not list. The others run in shadow mode.</summary>
    /// <value>Default 100: all are routed. Zero: all run in shadow mode.</value>
    public int Percent { get; set; } = 100;

    /// <summary>Gets the percentages of single request types, by their name in C#: <c>GetOrder</c>, <c>GetOrder.Query</c>, or with the namespace in front.</summary>
    /// <value>Default empty. A name with a namespace takes precedence over one without. Names are case-insensitive.</value>
    /// <remarks>The percentage applies to outermost requests. A request inside another one follows the outermost.</remarks>
    public Dictionary<string, int> Requests { get; } = new(StringComparer.OrdinalIgnoreCase);
}
