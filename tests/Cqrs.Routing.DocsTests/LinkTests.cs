using System.Text.RegularExpressions;

namespace Cqrs.Routing.DocsTests;

/// <summary>Every link of a documentation page leads somewhere, and the index links to every page.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. Documents.All];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string document) =>
        LinksOf(document).Where(static link => !File.Exists(link) && !Directory.Exists(link)).ShouldBeEmpty();

    [Fact]
    public void The_index_leads_to_every_page()
    {
        var linked = LinksOf("docs/README.md").ToList();

        Documents.All.Select(static document => Path.Combine(Documents.Root, document))
            .Where(static document => !document.EndsWith("README.md", StringComparison.Ordinal) && !document.Contains("/adr/", StringComparison.Ordinal))
            .Except(linked).ShouldBeEmpty();
    }

    private static IEnumerable<string> LinksOf(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Documents.Root, document))!;
        return Documents.LinesOf(document).SelectMany(static line => Link().Matches(line)).Select(static match => match.Groups[1].Value)
            .Where(static target => !target.Contains("://", StringComparison.Ordinal))
            .Select(target => Path.GetFullPath(Path.Combine(folder, target.Split('#')[0])));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
