namespace Cqrs.Routing.MistakeTests.Application;

public static class Messages
{
    /// <summary>Asserts that a message has each of the words: what it is about, and what to write instead.</summary>
    public static void ShouldSay(this string message, params string[] words)
    {
        foreach (var word in words)
            message.ShouldContain(word, Case.Sensitive);
    }

    /// <inheritdoc cref="ShouldSay(string, string[])"/>
    public static void ShouldSay(this Exception error, params string[] words) => error.Message.ShouldSay(words);
}
