using System.Reflection;
using System.Runtime.CompilerServices;

namespace Cqrs.Routing.PackageTests;

/// <summary>What <c>eng/test-package.sh</c> asked for.</summary>
internal static class Requested
{
    public static string MediatRVersion => Metadata("MediatRVersion");

    public static string PackedVersion => Metadata("PackedVersion");

    /// <summary>The address that the build knows.</summary>
    public static string RepositoryUrl => Metadata("RepositoryUrl");

    /// <summary>The commit that was packed; empty where <c>.git</c> is absent.</summary>
    public static string PackedCommit => Metadata("PackedCommit");

    /// <summary>The folder of the sources that were packed.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Folder(), "..", ".."));

    public static string Symbols(string id) => Path.ChangeExtension(Package(id), ".snupkg");

    public static string Feed => Metadata("PackageFeed");

    public static string Package(string id) => Path.Combine(Feed, $"{id}.{PackedVersion}.nupkg");

    private static string Metadata(string key) => typeof(Requested).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
