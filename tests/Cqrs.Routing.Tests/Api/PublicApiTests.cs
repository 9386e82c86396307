using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace Cqrs.Routing.Tests.Api;

/// <summary>The public API of each assembly equals its approved text file.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Cqrs.Routing")]
    [InlineData("Cqrs.Routing.Abstractions")]
    [InlineData("Cqrs.Routing.AspNetCore")]
    [InlineData("Cqrs.Routing.Attributes")]
    [InlineData("Cqrs.Routing.Core")]
    [InlineData("Cqrs.Routing.Testing")]
    public void The_public_surface_is_the_approved_one(string assembly)
    {
        var approved = Path.Combine(Folder(), $"{assembly}.approved.txt");
        var actual = Assembly.Load(assembly).GeneratePublicApi(new()
        {
            DenyNamespacePrefixes = [],
            IncludeAssemblyAttributes = false,
        }).ReplaceLineEndings("\n") + "\n";

        if (File.Exists(approved) && File.ReadAllText(approved).ReplaceLineEndings("\n") == actual)
            return;

        var received = Path.Combine(Folder(), $"{assembly}.received.txt");
        File.WriteAllText(received, actual);
        Assert.Fail($"The public surface changed. Compare {received} with {approved}, and rename it if the change is meant.");
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
