using System.IO.Compression;
using System.Xml.Linq;

namespace Cqrs.Routing.PackageTests;

public sealed class PackageTests
{
    private static readonly string[] OfMediatR = ["Cqrs.Routing", "Cqrs.Routing.Abstractions"];

    public static TheoryData<string> Packages => [.. OfMediatR, "Cqrs.Routing.AspNetCore", "Cqrs.Routing.Attributes", "Cqrs.Routing.Core", "Cqrs.Routing.Testing"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_depends_on_what_it_needs_and_on_no_MediatR_but_the_real_one(string id)
    {
        var dependencies = Dependencies(id);

        if (OfMediatR.Contains(id))
        {
            // A bare version in a nuspec means "this one or newer".
            dependencies["MediatR"].ShouldBe("12.4.1");
        }
        else
        {
            dependencies.Keys.ShouldNotContain("MediatR");
            dependencies.Keys.ShouldNotContain(OfMediatR[0]);
            dependencies.Keys.ShouldNotContain(OfMediatR[1]);
        }

        dependencies.Keys.ShouldNotContain("MediatR.Contracts");
        // No provider but the testing kit's, and nothing that an application would not expect.
        dependencies.Keys.Except(id == "Cqrs.Routing.Testing" ? ["Microsoft.EntityFrameworkCore.Sqlite"] : []).ShouldBeSubsetOf(
        [
            "Cqrs.Routing",
            "Cqrs.Routing.Abstractions",
            "Cqrs.Routing.Attributes",
            "Cqrs.Routing.Core",
            "MediatR",
            "Microsoft.AspNetCore.DataProtection.Abstractions",
            "Microsoft.EntityFrameworkCore",
            "Microsoft.EntityFrameworkCore.Abstractions",
            "Microsoft.EntityFrameworkCore.Relational",
            "Microsoft.Extensions.Diagnostics.HealthChecks",
            "Polly.Core",
            "System.Threading.RateLimiting",
        ]);
    }

    [Fact]
    public void The_markers_depend_on_MediatR_and_the_attributes_alone() =>
        Dependencies("Cqrs.Routing.Abstractions").Keys.Order().ShouldBe(["Cqrs.Routing.Attributes", "MediatR"]);

    [Fact]
    public void The_attributes_depend_on_nothing() => Dependencies("Cqrs.Routing.Attributes").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_brings_its_readme_its_licence_and_its_documentation(string id)
    {
        using var package = ZipFile.OpenRead(Requested.Package(id));

        string[] expected = ["README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"];
        expected.ShouldBeSubsetOf(package.Entries.Select(entry => entry.FullName));
        Metadata(id, "readme").ShouldBe("README.md");
        Metadata(id, "license").ShouldBe("MIT");
        Metadata(id, "description").ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_has_its_symbols_beside_it(string id) =>
        File.Exists(Path.ChangeExtension(Requested.Package(id), ".snupkg")).ShouldBeTrue();

    private static Dictionary<string, string> Dependencies(string id) => Nuspec(id).Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    private static string Metadata(string id, string name) =>
        Nuspec(id).Descendants().Single(element => element.Name.LocalName == name).Value;

    private static XDocument Nuspec(string id)
    {
        using var package = ZipFile.OpenRead(Requested.Package(id));
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(nuspec);
    }
}
