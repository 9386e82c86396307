using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>The Grafana dashboard names every metric and no unknown metric or tag.</summary>
public sealed partial class DashboardTests
{
    private static readonly JsonNode Dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(DocumentedNames.Root, "docs/grafana/cqrs-routing.json")))!;

    private static readonly string Expressions =
        string.Join('\n', Dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => target!["expr"]!.ToString() + ' ' + target["legendFormat"]));

    [Fact]
    public void Every_metric_and_tag_that_the_dashboard_names_exists()
    {
        var known = DocumentedNames.Instruments().Select(PrometheusName).Concat(DocumentedNames.Tags.Select(Underscored)).ToHashSet();

        Names().Matches(Expressions).Select(match => match.Value).Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_instrument_is_on_the_dashboard() =>
        DocumentedNames.Instruments().Select(PrometheusName).Where(name => !Expressions.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();

    // What the Prometheus exporters make of a name: dots become underscores, and the unit and the kind are appended.
    private static string PrometheusName(Instrument instrument)
    {
        var name = Underscored(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        var kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(Counter<>) ? name + "_total" : kind == typeof(Histogram<>) ? name + "_bucket" : name;
    }

    private static string Underscored(string name) => name.Replace('.', '_');

    [GeneratedRegex("cqrs_routing_[a-z_]+")]
    private static partial Regex Names();
}
