namespace Cqrs.Routing.DocsTests;

/// <summary>A table of a page.</summary>
internal static class Table
{
    /// <summary>The cells of the rows below the header, without marks for code.</summary>
    /// <param name="document">The page.</param>
    /// <param name="heading">The text of the heading that the table is the first one under.</param>
    public static IReadOnlyList<string[]> Under(string document, string heading) =>
    [
        .. Documents.LinesOf(document)
            .SkipWhile(line => line.TrimStart('#', ' ') != heading || !line.StartsWith('#'))
            .SkipWhile(static line => !line.StartsWith('|'))
            .TakeWhile(static line => line.StartsWith('|'))
            .Skip(2)
            .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Replace("`", "", StringComparison.Ordinal).Trim()).ToArray()),
    ];
}
