using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Cqrs.Routing.PackageTests;

/// <summary>What a package says of itself, and what it brings.</summary>
public sealed partial class PackageTests
{
    private const string EntityFramework = "[10.0.14, 12.0.0)";

    // A bare version in a nuspec means "this one or newer".
    private static readonly Dictionary<string, string[]> Dependencies = new()
    {
        ["Cqrs.Routing"] = [Own("Cqrs.Routing.Abstractions"), Own("Cqrs.Routing.Core"), "MediatR 12.4.1"],
        ["Cqrs.Routing.Abstractions"] = [Own("Cqrs.Routing.Attributes"), "MediatR 12.4.1"],
        ["Cqrs.Routing.AspNetCore"] = [Own("Cqrs.Routing.Core")],
        ["Cqrs.Routing.Attributes"] = [],
        ["Cqrs.Routing.Core"] =
        [
            Own("Cqrs.Routing.Attributes"),
            "Microsoft.AspNetCore.DataProtection.Abstractions 10.0.14",
            $"Microsoft.EntityFrameworkCore.Relational {EntityFramework}",
            "Microsoft.Extensions.Diagnostics.HealthChecks 10.0.14",
            "Polly.Core 8.9.1",
            "System.Threading.RateLimiting 10.0.14",
        ],
        ["Cqrs.Routing.Testing"] = [Own("Cqrs.Routing.Core"), $"Microsoft.EntityFrameworkCore.Sqlite {EntityFramework}"],
    };

    public static TheoryData<string> Packages => [.. Dependencies.Keys];

    [Fact]
    public void These_packages_were_packed_and_no_others() =>
        Directory.EnumerateFiles(Requested.Feed).Select(Path.GetFileName)
            .ShouldBe(Dependencies.Keys.SelectMany(id => new[] { Path.GetFileName(Requested.Package(id)), Path.GetFileName(Requested.Symbols(id)) }), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_depends_on_what_its_project_names_and_on_nothing_else(string id) => Nuspec(id).Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .Select(element => $"{element.Attribute("id")!.Value} {element.Attribute("version")!.Value}")
        .ShouldBe(Dependencies[id], ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_brings_its_readme_its_icon_and_its_documentation(string id)
    {
        using var package = ZipFile.OpenRead(Requested.Package(id));

        package.Entries.Select(entry => entry.FullName).Where(name => !IsNuGets(name))
            .ShouldBe([$"{id}.nuspec", "README.md", "icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"], ignoreOrder: true);
        TextOf(package, "README.md").ShouldBe(File.ReadAllText(Path.Combine(Requested.Root, "src", id, "README.md")));
        XDocument.Parse(TextOf(package, $"lib/net10.0/{id}.xml")).Descendants("member").ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_says_where_it_is_from_and_under_which_licence(string id)
    {
        Metadata(id, "version").Value.ShouldBe(Requested.PackedVersion);
        Metadata(id, "readme").Value.ShouldBe("README.md");
        Metadata(id, "icon").Value.ShouldBe("icon.png");
        Metadata(id, "license").Value.ShouldBe("MIT");
        Metadata(id, "license").Attribute("type")!.Value.ShouldBe("expression");
        Metadata(id, "description").Value.ShouldNotBeEmpty();
        Metadata(id, "tags").Value.ShouldNotBeEmpty();
        Metadata(id, "projectUrl").Value.ShouldBe(Requested.RepositoryUrl);
        Metadata(id, "repository").Attribute("type")!.Value.ShouldBe("git");
        Metadata(id, "repository").Attribute("url")!.Value.ShouldBe(Requested.RepositoryUrl);
        (Metadata(id, "repository").Attribute("commit")?.Value ?? "").ShouldBe(Requested.PackedCommit);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_readme_is_short_and_its_links_lead_to_files_of_the_repository(string id)
    {
        using var package = ZipFile.OpenRead(Requested.Package(id));
        var readme = TextOf(package, "README.md");
        var links = Link().Matches(readme).Select(match => match.Groups[1].Value).ToList();

        readme.TrimEnd().Split('\n').Length.ShouldBeInRange(10, 40);
        readme.ShouldContain($"dotnet add package {id} --prerelease\n");
        links.ShouldNotBeEmpty();
        links.ShouldAllBe(link => LeadsToAFile(link));
    }

    [Theory]
    [InlineData("SqlServer")]
    [InlineData("AzureSql")]
    public void An_experimental_source_leads_to_its_page(string source)
    {
        var experimental = typeof(PositionSources).GetProperty(source)!.GetCustomAttributesData()
            .Single(attribute => attribute.AttributeType.Name == "ExperimentalAttribute");
        var url = (string)experimental.NamedArguments.Single(argument => argument.MemberName == "UrlFormat").TypedValue.Value!;

        experimental.ConstructorArguments.Single().Value.ShouldBe("CQRSR001");
        LeadsToAFile(url).ShouldBeTrue(url);
    }

    // Also to the heading, where the link names one.
    private static bool LeadsToAFile(string link)
    {
        var prefix = Requested.RepositoryUrl + "/blob/main/";
        if (!link.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        var parts = link[prefix.Length..].Split('#');
        var file = Path.Combine(Requested.Root, parts[0]);
        return File.Exists(file)
            && (parts.Length == 1 || File.ReadLines(file).Any(line => line.StartsWith('#') && line.TrimStart('#', ' ').Replace(' ', '-').Equals(parts[1], StringComparison.OrdinalIgnoreCase)));
    }

    private static string Own(string id) => $"{id} {Requested.PackedVersion}";

    // What makes the zip a package.
    private static bool IsNuGets(string name) => name is "_rels/.rels" or "[Content_Types].xml" || name.StartsWith("package/", StringComparison.Ordinal);

    private static string TextOf(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static XElement Metadata(string id, string name) =>
        Nuspec(id).Descendants().Single(element => element.Name.LocalName == name);

    private static XDocument Nuspec(string id)
    {
        using var package = ZipFile.OpenRead(Requested.Package(id));
        return XDocument.Parse(TextOf(package, $"{id}.nuspec"));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
