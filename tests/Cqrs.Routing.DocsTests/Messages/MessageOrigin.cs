using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>Finds out where users see a text: in the log, among the findings of the self-check, or as the message of an exception.</summary>
internal static class MessageOrigin
{
    private const string Severity = "SelfCheckSeverity";

    public static IReadOnlyList<string> Find(SyntaxNode message) => [.. FindAll(message, []).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Returns the severity of a finding that is created with these arguments; null if it is none, or has no message that needs a code.</summary>
    public static string? SeverityOf(BaseArgumentListSyntax arguments) => arguments.Arguments.Count < 2 ? null : arguments.Arguments[0].Expression switch
    {
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: Severity } } level when level.Name.Identifier.Text != nameof(SelfCheckSeverity.Ok) => level.Name.Identifier.Text,
        IdentifierNameSyntax { Identifier.Text: "IfRequired" } => $"{nameof(SelfCheckSeverity.Warning)}, or {nameof(SelfCheckSeverity.Error)} with `RequireReplica`",
        _ => null,
    };

    /// <summary>Returns the id and the level that an attribute names; null if it is of another kind.</summary>
    public static (string Id, string Level)? LogEventOf(AttributeSyntax attribute) =>
        attribute is { Name: IdentifierNameSyntax { Identifier.Text: "LoggerMessage" }, ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax id }, { Expression: MemberAccessExpressionSyntax level }, ..] }
            ? (id.Token.Text, level.Name.Identifier.Text)
            : null;

    /// <summary>Returns the type that an expression creates; null if it creates none.</summary>
    public static string? CreatedType(SyntaxNode node) => node switch
    {
        ObjectCreationExpressionSyntax created => (created.Type as IdentifierNameSyntax)?.Identifier.Text,
        ImplicitObjectCreationExpressionSyntax created => (created.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.ReturnType as IdentifierNameSyntax)?.Identifier.Text,
        _ => null,
    };

    public static bool IsException(string? type) => type?.EndsWith("Exception", StringComparison.Ordinal) == true;

    /// <summary>Returns whether a type validates options. What it says is the message of an exception.</summary>
    public static bool IsValidator(TypeDeclarationSyntax? type) =>
        type?.BaseList?.Types.Any(static parent => parent.Type is GenericNameSyntax { Identifier.Text: "IValidateOptions" }) == true;

    private static IEnumerable<string> FindAll(SyntaxNode message, HashSet<SyntaxNode> seen)
    {
        foreach (var node in message.AncestorsAndSelf().TakeWhile(static node => node is not TypeDeclarationSyntax))
        {
            switch (node)
            {
                case AttributeSyntax attribute when LogEventOf(attribute) is { } log:
                    return [$"log event {int.Parse(log.Id, System.Globalization.CultureInfo.InvariantCulture)}, {log.Level}"];
                case BaseArgumentListSyntax arguments when SeverityOf(arguments) is { } severity:
                    return [$"finding of the self-check, {severity}"];
                case BaseObjectCreationExpressionSyntax created when IsException(CreatedType(created)):
                    return [$"`{CreatedType(created)}`"];
                case ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax:
                    return [$"`{PublicException(node.FirstAncestorOrSelf<TypeDeclarationSyntax>()!)}`"];
                case MemberDeclarationSyntax member:
                    return IsValidator(member.FirstAncestorOrSelf<TypeDeclarationSyntax>()) ? ["`OptionsValidationException`"] : OfUses(member, seen);
            }
        }

        return [];
    }

    private static IEnumerable<string> OfUses(MemberDeclarationSyntax member, HashSet<SyntaxNode> seen)
    {
        var name = member switch
        {
            FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            _ => null,
        };
        return name is null || !seen.Add(member)
            ? []
            : SourceTrees.FindUses(name, member.FirstAncestorOrSelf<TypeDeclarationSyntax>()!, member.Modifiers.Any(static modifier => modifier.Text == "private"))
                .SelectMany(use => FindAll(use, seen));
    }

    // Users know an internal type as the public one that it derives from.
    private static string PublicException(TypeDeclarationSyntax type) => type.Modifiers.Any(static modifier => modifier.Text == "public")
        ? type.Identifier.Text
        : type.BaseList!.Types[0].Type.ToString();
}
