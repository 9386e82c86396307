namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>Writes <c>docs/messages.md</c> from the sources and the entries.</summary>
internal static class MessagesPage
{
    public const string Path = "docs/messages.md";

    private static readonly (string Title, string Begin, MessageEntry[] Entries)[] Parts =
    [
        ("Log", "The code of a log event is its event id.", LogEntries.All),
        ("Self-check", "A finding begins with the context or the part that was checked. It is in the report of `AddRoutingSelfCheck()`, which event 26 contains.", FindingEntries.All),
        ("Exceptions", "The validation of options throws when the host starts.", ExceptionEntries.All),
        ("Tests", "The assertions and the simulator of `Cqrs.Routing.Testing` throw these.", AssertionEntries.All),
    ];

    public static IEnumerable<MessageEntry> Entries => Parts.SelectMany(static part => part.Entries);

    public static IReadOnlyList<string> ToLines()
    {
        var messages = SourceMessages.WithCode.ToLookup(static message => message.Code);
        return
        [
            "# Messages",
            "",
            "Every message of the library ends with a code in brackets, such as `[CR033]`. The code never changes, and its section here says what leads to the message and what to do. The library's own exceptions have the section's address in `HelpLink`.",
            "",
            "Words in braces are filled in at run time. A test writes this page from the sources and fails if it differs, or if a message has no section.",
            .. Parts.SelectMany(part => (IEnumerable<string>)["", $"# {part.Title}", "", part.Begin, .. part.Entries.SelectMany(entry => Section(entry, messages[entry.Code].FirstOrDefault()))]),
        ];
    }

    private static string[] Section(MessageEntry entry, SourceMessage? message) =>
    [
        "",
        $"## {entry.Code}",
        "",
        $"**{entry.Situation}**: {string.Join(" or ", message?.Origins ?? [])}.",
        "",
        .. (message?.Texts ?? []).SelectMany(Quote),
        "",
        $"Cause: {entry.Cause}",
        "",
        $"Cure: {entry.Cure}",
    ];

    // Each text is a paragraph of its own in the quotation, and one line of a longer text a line.
    private static IEnumerable<string> Quote(string text, int index) =>
        (index == 0 ? (IEnumerable<string>)[] : [">"]).Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => $"> `{line}`"));
}
