using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>The syntax of the library's sources. It is not compiled, so names are resolved by their text.</summary>
internal static class SourceTrees
{
    public static IReadOnlyList<SyntaxNode> Roots { get; } = [.. Directory.EnumerateDirectories(Path.Combine(Documents.Root, "src"), "Cqrs.Routing*")
        .SelectMany(static project => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal)
        .Select(static file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest), file).GetRoot())];

    private static readonly ILookup<string, TypeDeclarationSyntax> Types =
        Roots.SelectMany(static root => root.DescendantNodes().OfType<TypeDeclarationSyntax>()).ToLookup(static type => type.Identifier.Text);

    private static readonly ILookup<string, SimpleNameSyntax> Names =
        Roots.SelectMany(static root => root.DescendantNodes().OfType<SimpleNameSyntax>()).ToLookup(static name => name.Identifier.Text);

    public static IEnumerable<T> All<T>()
        where T : SyntaxNode => Roots.SelectMany(static root => root.DescendantNodes().OfType<T>());

    public static TypeDeclarationSyntax? FindType(string name) => Types[name].FirstOrDefault();

    /// <summary>Returns the value of the variable or constant that a name refers to; null for anything else.</summary>
    public static ExpressionSyntax? FindValue(ExpressionSyntax name) => name switch
    {
        IdentifierNameSyntax local => ValueIn(local.FirstAncestorOrSelf<MemberDeclarationSyntax>(), local.Identifier.Text)
            ?? ValueIn(local.FirstAncestorOrSelf<TypeDeclarationSyntax>(), local.Identifier.Text, constant: true),
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax type } member when FindType(type.Identifier.Text) is { } found =>
            ValueIn(found, member.Name.Identifier.Text, constant: true),
        _ => null,
    };

    /// <summary>Returns the uses of a member outside its declaration. A private member is used in its own type only.</summary>
    public static IEnumerable<SimpleNameSyntax> FindUses(string member, TypeDeclarationSyntax owner, bool isPrivate) => Names[member].Where(use =>
        isPrivate
            ? use.SyntaxTree == owner.SyntaxTree && use.FirstAncestorOrSelf<TypeDeclarationSyntax>() == owner
            : use.Parent is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax type } && type.Identifier.Text == owner.Identifier.Text);

    public static string PlaceOf(SyntaxNode node)
    {
        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        return $"{Path.GetRelativePath(Documents.Root, node.SyntaxTree.FilePath).Replace('\\', '/')}:{line}";
    }

    private static ExpressionSyntax? ValueIn(SyntaxNode? scope, string name, bool constant = false) => scope?.DescendantNodes().OfType<VariableDeclaratorSyntax>()
        .Where(variable => variable.Identifier.Text == name && (!constant || variable.Parent?.Parent is FieldDeclarationSyntax))
        .Select(static variable => variable.Initializer?.Value)
        .FirstOrDefault(static value => value is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression });
}
