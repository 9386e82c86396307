using System.Reflection;

namespace Cqrs.Routing.PackageTests;

/// <summary>What <c>eng/test-package.sh</c> asked for.</summary>
internal static class Requested
{
    public static string MediatRVersion => Metadata("MediatRVersion");

    public static string PackedVersion => Metadata("PackedVersion");

    public static string Package(string id) => Path.Combine(Metadata("PackageFeed"), $"{id}.{PackedVersion}.nupkg");

    private static string Metadata(string key) => typeof(Requested).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
