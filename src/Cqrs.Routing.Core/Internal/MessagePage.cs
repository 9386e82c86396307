namespace Cqrs.Routing.Internal;

/// <summary>The page that describes every message. A message names its section by the code at its end.</summary>
internal static class MessagePage
{
    /// <summary>The page's address. A test compares it with the RepositoryUrl of the build.</summary>
    public const string Address = "https://github.com/cqrs-routing/cqrs-routing/blob/main/docs/messages.md";

    /// <summary>Returns the address of a message's section; null if the message does not end with a code.</summary>
    public static string? LinkTo(string message) =>
        message is [.., '[', 'C', 'R', >= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', ']'] ? $"{Address}#cr{message[^4..^1]}" : null;
}
