using System.Text.RegularExpressions;

namespace Cqrs.Routing.DocsTests;

/// <summary>One <c>```csharp</c> block of a page.</summary>
/// <param name="Document">The page.</param>
/// <param name="Line">The number of the block's first line of code, from one.</param>
/// <param name="Code">The code.</param>
internal sealed partial record Snippet(string Document, int Line, string Code)
{
    public static IEnumerable<Snippet> Of(string document)
    {
        var lines = Documents.LinesOf(document);
        for (var begin = 0; begin < lines.Length; begin++)
        {
            if (!Fence().IsMatch(lines[begin]))
                continue;

            var end = Array.FindIndex(lines, begin + 1, static line => line.TrimStart().StartsWith("```", StringComparison.Ordinal));
            if (end < 0)
                throw new InvalidDataException($"{document}({begin + 1}): this block has no end.");
            yield return new(document, begin + 2, string.Join('\n', lines[(begin + 1)..end]));
            begin = end;
        }
    }

    [GeneratedRegex(@"^\s*```\s*(csharp|cs|c#)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Fence();
}
