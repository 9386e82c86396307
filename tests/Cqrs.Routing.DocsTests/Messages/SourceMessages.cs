using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>The messages of the sources that have a code, and those that need one.</summary>
internal static partial class SourceMessages
{
    // A shorter text only says what is wrong with the name beside it, and gives no advice.
    private const int ShortText = 40;

    public static IReadOnlyList<SourceMessage> WithCode { get; } = [.. Coded().OrderBy(static message => message.Code, StringComparer.Ordinal)];

    /// <summary>Returns the places and texts of messages that users see and that have no code at their end.</summary>
    public static IEnumerable<(string Place, string Text)> WithoutCode() =>
        Shown().Select(static shown => (SourceTrees.PlaceOf(shown), Text: MessageText.Render(shown)))
            .Where(static shown => shown.Text.Any(static text => !CodeAtEnd().IsMatch(text) && PassedOn().Replace(text, "").Length > 0))
            .Select(static shown => (shown.Item1, shown.Text[0]));

    public static string? CodeOf(string text) => CodeAtEnd().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    private static IEnumerable<SourceMessage> Coded() => SourceTrees.Roots
        .SelectMany(static root => root.DescendantTokens())
        .Where(static token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken && CodeAtEnd().IsMatch(token.ValueText))
        .Select(static token => (Code: CodeAtEnd().Match(token.ValueText).Groups[1].Value, Message: Whole(token.Parent!)))
        .Select(static found => new SourceMessage(
            found.Code,
            [.. Full(found.Message).Select(static text => CodeAtEnd().Replace(text, "").TrimEnd())],
            MessageOrigin.Find(found.Message),
            SourceTrees.PlaceOf(found.Message)));

    // The whole expression that a part of a text belongs to. A branch of a condition is a message of its own.
    private static ExpressionSyntax Whole(SyntaxNode part)
    {
        var whole = part;
        while (whole.Parent is InterpolatedStringTextSyntax or InterpolatedStringExpressionSyntax or ParenthesizedExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression })
            whole = whole.Parent;
        return (ExpressionSyntax)whole;
    }

    // An exception of this library may put its own words around an argument.
    private static IReadOnlyList<string> Full(ExpressionSyntax message)
    {
        if (message.Parent is not ArgumentSyntax { Parent: ArgumentListSyntax { Parent: BaseObjectCreationExpressionSyntax created } arguments } argument
            || MessageOrigin.CreatedType(created) is not { } name
            || SourceTrees.FindType(name) is not { } type)
            return MessageText.Render(message);

        var constructor = type.Members.OfType<ConstructorDeclarationSyntax>().FirstOrDefault(candidate => candidate.ParameterList.Parameters.Count == arguments.Arguments.Count);
        return constructor?.Initializer?.ArgumentList.Arguments.FirstOrDefault()?.Expression is InterpolatedStringExpressionSyntax around
            ? MessageText.Render(around, new Dictionary<string, IReadOnlyList<string>>
            {
                [constructor.ParameterList.Parameters[arguments.Arguments.IndexOf(argument)].Identifier.Text] = MessageText.Render(message),
            })
            : MessageText.Render(message);
    }

    private static IEnumerable<ExpressionSyntax> Shown() =>
    [
        .. SourceTrees.All<AttributeSyntax>().Where(static attribute => attribute.Name.ToString() == "LoggerMessage").Select(static attribute => attribute.ArgumentList!.Arguments[^1].Expression),
        .. SourceTrees.All<BaseArgumentListSyntax>().Where(static arguments => MessageOrigin.SeverityOf(arguments) is not null).Select(static arguments => arguments.Arguments[^1].Expression),
        .. SourceTrees.All<BaseObjectCreationExpressionSyntax>().Where(static created => MessageOrigin.IsException(MessageOrigin.CreatedType(created))).SelectMany(TextsOf),
        .. SourceTrees.All<ConstructorInitializerSyntax>().Where(static initializer => MessageOrigin.IsException(initializer.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Identifier.Text))
            .SelectMany(static initializer => LongTexts(initializer.ArgumentList)),
        .. SourceTrees.All<PrimaryConstructorBaseTypeSyntax>().Where(static origin => MessageOrigin.IsException(origin.Type.ToString())).SelectMany(static origin => LongTexts(origin.ArgumentList)),
        .. SourceTrees.All<TypeDeclarationSyntax>().Where(MessageOrigin.IsValidator).SelectMany(static type => type.DescendantNodes().OfType<ExpressionSyntax>())
            .Where(static text => IsText(text) && Whole(text) == text && MessageText.Render(text).Max(static rendered => rendered.Length) > ShortText),
        .. SourceTrees.FindType("ReplicaMessages")!.Members.Select(static member => member switch
        {
            FieldDeclarationSyntax field => field.Declaration.Variables[0].Initializer!.Value,
            MethodDeclarationSyntax { ExpressionBody.Expression: not BaseObjectCreationExpressionSyntax } method => method.ExpressionBody!.Expression,
            _ => null,
        }).OfType<ExpressionSyntax>(),
    ];

    private static IEnumerable<ExpressionSyntax> TextsOf(BaseObjectCreationExpressionSyntax created) =>
        created.ArgumentList is { } arguments ? LongTexts(arguments) : [];

    private static IEnumerable<ExpressionSyntax> LongTexts(ArgumentListSyntax arguments) => arguments.Arguments
        .SelectMany(static argument => Branches(argument.Expression))
        .Where(static text => IsText(text) && MessageText.Render(text).Max(static rendered => rendered.Length) > ShortText);

    private static bool IsText(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression }
        && expression.DescendantTokens().Any(static token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken);

    // A method of the same type that only writes the text stands for the text.
    private static IEnumerable<ExpressionSyntax> Branches(ExpressionSyntax expression) => expression switch
    {
        ConditionalExpressionSyntax either => [.. Branches(either.WhenTrue), .. Branches(either.WhenFalse)],
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax called } => expression.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Members.OfType<MethodDeclarationSyntax>()
            .Where(method => method.Identifier.Text == called.Identifier.Text).Select(static method => method.ExpressionBody?.Expression).OfType<ExpressionSyntax>(),
        _ => [expression],
    };

    [GeneratedRegex(@"(?:^|\s)\[(CR\d{3})\]$")]
    private static partial Regex CodeAtEnd();

    // A text that consists of what another message says, such as {report} or {message}, has the code of that one.
    [GeneratedRegex(@"^\{\w+\}$")]
    private static partial Regex PassedOn();
}
