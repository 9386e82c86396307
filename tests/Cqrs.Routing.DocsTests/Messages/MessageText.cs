using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>Renders an expression as the texts that it can have. A part that is only known at run time is its name in braces.</summary>
internal static class MessageText
{
    /// <param name="expression">The expression.</param>
    /// <param name="values">What to render for names: the arguments of a constructor whose text is rendered.</param>
    public static IReadOnlyList<string> Render(ExpressionSyntax expression, IReadOnlyDictionary<string, IReadOnlyList<string>>? values = null) => expression switch
    {
        LiteralExpressionSyntax literal => [literal.Token.ValueText],
        ParenthesizedExpressionSyntax inner => Render(inner.Expression, values),
        InterpolatedStringExpressionSyntax text => text.Contents.Aggregate<InterpolatedStringContentSyntax, IReadOnlyList<string>>([""], (before, part) => Join(before, part switch
        {
            InterpolatedStringTextSyntax plain => [plain.TextToken.ValueText],
            InterpolationSyntax hole => Render(hole.Expression, values),
            _ => [""],
        })),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => Join(Render(sum.Left, values), Render(sum.Right, values)),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either when either.Right is LiteralExpressionSyntax => [.. Render(either.Left, values), .. Render(either.Right, values)],
        ConditionalExpressionSyntax either => Longest([.. Render(either.WhenTrue, values), .. Render(either.WhenFalse, values)]),
        SwitchExpressionSyntax cases => [.. cases.Arms.SelectMany(arm => Render(arm.Expression, values))],
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } } name => [NameOf(name.ArgumentList.Arguments[0].Expression)],
        MemberAccessExpressionSyntax { Name.Identifier.Text: "NewLine" } => ["\n"],
        ConditionalAccessExpressionSyntax { WhenNotNull: MemberBindingExpressionSyntax member } => [$"{{{CamelCase(member.Name.Identifier.Text)}}}"],
        IdentifierNameSyntax name when values?.TryGetValue(name.Identifier.Text, out var value) == true => value,
        IdentifierNameSyntax or MemberAccessExpressionSyntax when SourceTrees.FindValue(expression) is { } known => Render(known, values),
        _ => [$"{{{Describe(expression)}}}"],
    };

    // An addition that is empty in the other case, such as " through {context}", is shown.
    private static IReadOnlyList<string> Longest(IReadOnlyList<string> texts) => texts.Contains("") ? [.. texts.Where(static text => text.Length > 0)] : texts;

    private static string[] Join(IReadOnlyList<string> before, IReadOnlyList<string> after) => [.. before.SelectMany(begin => after.Select(end => begin + end))];

    private static string NameOf(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        _ => expression.ToString(),
    };

    private static string Describe(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax { Identifier.Text: "e" or "silence" } => "error",
        IdentifierNameSyntax name => CamelCase(name.Identifier.Text),
        ParenthesizedExpressionSyntax inner => Describe(inner.Expression),
        TypeOfExpressionSyntax type => type.Type.ToString(),
        PostfixUnaryExpressionSyntax unary => Describe(unary.Operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either => Describe(either.Left is ConditionalAccessExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.Text: "InnerException" } ? either.Right : either.Left),
        BinaryExpressionSyntax => "number",
        MemberAccessExpressionSyntax { Name.Identifier.Text: "Name" or "Value" or "Count" or "Message" or "Text" or "TotalSeconds" or "Key" } member => Describe(member.Expression),
        MemberAccessExpressionSyntax member => CamelCase(member.Name.Identifier.Text),
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments, Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Join" or "Format" or "Get" } } =>
            Describe(arguments[^1].Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ToString" or "Order" or "GetType" } called } => Describe(called.Expression),
        InvocationExpressionSyntax call => CamelCase(NameOf(call.Expression)),
        _ => "...",
    };

    private static string CamelCase(string name) => name.TrimStart('_') is { Length: > 0 } text ? char.ToLowerInvariant(text[0]) + text[1..] : name;
}
