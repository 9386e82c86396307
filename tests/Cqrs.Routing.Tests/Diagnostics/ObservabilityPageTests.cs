using System.Reflection;
using System.Text.RegularExpressions;
using Cqrs.Routing.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>docs/observability.md and the README list every instrument, tag and log event, and no other.</summary>
public sealed partial class ObservabilityPageTests
{
    private static readonly string Page = Read("docs/observability.md");

    [Theory]
    [InlineData("docs/observability.md")]
    [InlineData("README.md")]
    public void Every_name_is_listed_and_exists(string document)
    {
        var page = Read(document);
        string[] names = [.. DocumentedNames.Instruments().Select(instrument => instrument.Name), .. DocumentedNames.Tags, RoutingActivity.BoundEvent];

        names.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
        Names().Matches(page).Select(match => match.Groups[1].Value).Except(names).ShouldBeEmpty();
    }

    [Fact]
    public void Every_log_event_is_listed_and_has_an_id_of_its_own()
    {
        var ids = typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId).Order().ToList();
        var logs = Page[Page.IndexOf("## Logs", StringComparison.Ordinal)..Page.IndexOf("## Why", StringComparison.Ordinal)];
        var listed = Ids().Matches(logs).SelectMany(row => row.Groups[1].Value.Split(", ")).Select(int.Parse).Order().ToList();

        ids.Count.ShouldBeGreaterThan(10);
        listed.ShouldBe(ids);
    }

    private static string Read(string document) => File.ReadAllText(Path.Combine(DocumentedNames.Root, document));

    [GeneratedRegex("`(cqrs\\.routing\\.[a-z._]+)`")]
    private static partial Regex Names();

    [GeneratedRegex("^\\| ([0-9][0-9, ]*) \\|", RegexOptions.Multiline)]
    private static partial Regex Ids();
}
