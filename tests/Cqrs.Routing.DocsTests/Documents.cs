using System.Runtime.CompilerServices;

namespace Cqrs.Routing.DocsTests;

/// <summary>README.md, those of the packages, and the pages under docs.</summary>
internal static class Documents
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Folder(), "..", ".."));

    /// <summary>Relative to <see cref="Root"/>, with forward slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Root, "src"), "README.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    public static string[] LinesOf(string document) => File.ReadAllLines(Path.Combine(Root, document));

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
