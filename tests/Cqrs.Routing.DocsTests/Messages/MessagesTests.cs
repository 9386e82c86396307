using System.Text.RegularExpressions;
using System.Xml.Linq;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Testing;

namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>Every message that users see has a code, and <c>docs/messages.md</c> says what leads to it and what to do.</summary>
public sealed partial class MessagesTests
{
    private const int MaxWordsOfSentence = 25;

    // Texts without a code of their own, by what they begin with.
    private static readonly string[] WithoutCode =
    [
        // A part of event 6 and of CR237, which say what to do.
        "the replica is not in recovery",
        // Stands around CR210 and CR211.
        "The replica of {context} cannot serve {request} ({reason}), and {cause}",
        // A name within CR201.
        "The query that this context is still open on the replica for",
        // For tests of code that handles the exception.
        "An assertion about routing does not hold.",
    ];

    [Fact]
    public void The_page_is_what_the_sources_and_the_entries_say()
    {
        var lines = MessagesPage.ToLines();
        var page = Path.Combine(Documents.Root, MessagesPage.Path);
        if (File.Exists(page) && lines.SequenceEqual(File.ReadAllLines(page)))
            return;

        var received = Path.ChangeExtension(page, ".received.md");
        File.WriteAllLines(received, lines);
        Assert.Fail($"The messages changed. Compare {received} with {MessagesPage.Path}, and rename it if the change is meant.");
    }

    [Fact]
    public void No_message_is_without_a_code() => SourceMessages.WithoutCode()
        .Where(static message => !WithoutCode.Any(known => message.Text.StartsWith(known, StringComparison.Ordinal)))
        .Select(static message => $"{message.Place} has no code at its end: {message.Text}")
        .ShouldBeEmpty();

    [Fact]
    public void A_code_belongs_to_one_message() => SourceMessages.WithCode.GroupBy(static message => message.Code)
        .Where(static messages => messages.Count() > 1)
        .Select(static messages => $"{messages.Key}: {string.Join(", ", messages.Select(static message => message.Place))}")
        .ShouldBeEmpty();

    [Fact]
    public void Each_code_has_an_entry_and_each_entry_a_code()
    {
        var entries = MessagesPage.Entries.Select(static entry => entry.Code).ToList();
        var codes = SourceMessages.WithCode.Select(static message => message.Code).Distinct().ToList();

        codes.Count.ShouldBeGreaterThan(90);
        codes.Except(entries).ShouldBeEmpty("write an entry for these");
        entries.Except(codes).ShouldBeEmpty("no message has these");
        entries.ShouldBe(entries.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_code_says_where_its_message_appears()
    {
        foreach (var message in SourceMessages.WithCode)
        {
            var number = int.Parse(message.Code.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
            message.Origins.ShouldNotBeEmpty(message.Place);
            foreach (var origin in message.Origins)
            {
                origin.ShouldMatch(
                    number switch
                    {
                        < 100 => $"^log event {number}, ",
                        < 200 => "^finding of the self-check, ",
                        < 300 => "^`(?!RoutingAssertion)[A-Za-z]+Exception`$",
                        _ => "^`[A-Za-z]+Exception`$",
                    },
                    message.Place);
                (message.Place.StartsWith("src/Cqrs.Routing.Testing/", StringComparison.Ordinal) == number is >= 300 and < 400).ShouldBeTrue(message.Place);
            }
        }
    }

    [Fact]
    public void Causes_and_cures_are_short() => MessagesPage.Entries
        .SelectMany(static entry => new[] { entry.Cause, entry.Cure }.SelectMany(static text => Sentence().Split(Code().Replace(text, "code"))), static (entry, sentence) => (entry.Code, Sentence: sentence))
        .Where(static entry => entry.Sentence.Split(' ').Length > MaxWordsOfSentence)
        .Select(static entry => $"{entry.Code}: {entry.Sentence}")
        .ShouldBeEmpty();

    [Fact]
    public void The_page_that_exceptions_link_to_is_in_the_repository_of_the_build()
    {
        var url = XDocument.Load(Path.Combine(Documents.Root, "Directory.Build.props")).Descendants("RepositoryUrl").Single().Value;

        MessagePage.Address.ShouldBe($"{url}/blob/main/{MessagesPage.Path}");
        new CommandInQueryException("GetOrder", typeof(string), "PayOrder", isScope: false, isQueryScope: false).HelpLink.ShouldBe($"{MessagePage.Address}#cr203");
        new ReplicaUnavailableException("GetOrder", "Shop", RouteReason.ReplicaUnavailable, "it is off. [CR210]", innerException: null).HelpLink.ShouldBe($"{MessagePage.Address}#cr210");
        new QueryWriteException("GetOrder", contextType: null, "it wrote").HelpLink.ShouldBe($"{MessagePage.Address}#cr201");
        new QueryWriteException().HelpLink.ShouldBeNull();
        Should.Throw<RoutingAssertionException>(static () => new RouteRecorder().AssertNoQueryWrote()).HelpLink.ShouldBe($"{MessagePage.Address}#cr304");
    }

    [GeneratedRegex(@"(?<=[.?!:]) ")]
    private static partial Regex Sentence();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();
}
