using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cqrs.Routing.DocsTests;

/// <summary>Finds which folders of a project use types that another of its folders declares. Reads what the compiler makes of the sources, not their <c>using</c> lines.</summary>
internal static class FolderDependencies
{
    /// <summary>Stands for the folder where a type of EF is used.</summary>
    public const string EntityFramework = "Microsoft.EntityFrameworkCore";

    /// <summary>Returns each use of a type of another folder, or of EF: the two folders, the file that uses it, and the type.</summary>
    public static IReadOnlyList<FolderUse> Find(string project)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var trees = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options))
            .ToImmutableArray();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(assembly => Path.GetFileName(assembly) != Path.GetFileName(project.TrimEnd('/')) + ".dll")
            .Select(assembly => MetadataReference.CreateFromFile(assembly));
        var compilation = CSharpCompilation.Create("Folders", trees, references, new(OutputKind.DynamicallyLinkedLibrary));
        var unknown = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Id is "CS0103" or "CS0234" or "CS0246" or "CS1061").ToList();
        if (unknown.Count > 0)
            throw new InvalidOperationException($"The sources of {project} do not compile here: {unknown[0]}");

        return [.. trees.Where(tree => tree.FilePath.Length > 0)
            .SelectMany(tree => UsesIn(tree, compilation.GetSemanticModel(tree), project))
            .Distinct()
            .OrderBy(use => use.From, StringComparer.Ordinal).ThenBy(use => use.To, StringComparer.Ordinal).ThenBy(use => use.File, StringComparer.Ordinal)];
    }

    /// <summary>Returns a file's folder within its project; <c>(root)</c> for the project's own.</summary>
    public static string FolderOf(string file, string project)
    {
        var folder = Path.GetRelativePath(project, Path.GetDirectoryName(file)!).Replace('\\', '/');
        return folder == "." ? "(root)" : folder;
    }

    // The generator of the SDK writes these.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static IEnumerable<FolderUse> UsesIn(SyntaxTree tree, SemanticModel model, string project)
    {
        var from = FolderOf(tree.FilePath, project);
        foreach (var node in tree.GetRoot().DescendantNodes().Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax))
        {
            if (node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null)
                continue;
            if (DeclaringType(model.GetSymbolInfo(node).Symbol) is not { } type)
                continue;
            if (type.ContainingAssembly?.Name.StartsWith(EntityFramework, StringComparison.Ordinal) == true)
                yield return new(from, EntityFramework, Path.GetFileName(tree.FilePath), type.Name);
            foreach (var declaration in type.DeclaringSyntaxReferences.Take(1))
            {
                var to = FolderOf(declaration.SyntaxTree.FilePath, project);
                if (to != from)
                    yield return new(from, to, Path.GetFileName(tree.FilePath), type.Name);
            }
        }
    }

    // A member counts as its type: to call it is to know the type.
    private static INamedTypeSymbol? DeclaringType(ISymbol? symbol) =>
        symbol switch
        {
            INamedTypeSymbol type => type,
            IMethodSymbol { ReducedFrom: { } extension } => extension.ContainingType,
            null or INamespaceSymbol => null,
            _ => symbol.ContainingType,
        } is { } found ? Outermost(found.OriginalDefinition) : null;

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer ? Outermost(outer) : type;
}

/// <summary>A use of a type that another folder declares.</summary>
internal sealed record FolderUse(string From, string To, string File, string Type);
