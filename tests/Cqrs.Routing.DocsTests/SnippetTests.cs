namespace Cqrs.Routing.DocsTests;

/// <summary>The code in the documentation compiles.</summary>
public sealed class SnippetTests
{
    public static TheoryData<string> Pages => [.. Documents.All.Where(static document => Snippet.Of(document).Any())];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_snippet_compiles(string document) =>
        Snippet.Of(document).SelectMany(SnippetCompiler.ErrorsOf).ShouldBeEmpty();

    [Fact]
    public void A_snippet_that_does_not_compile_is_told_by_document_and_line()
    {
        var snippet = new Snippet("docs/page.md", 7, "public sealed record Mine : IQuery<int>;\n\nawait sender.Send(new Mine());\nsender.Sent();");

        SnippetCompiler.ErrorsOf(snippet).ShouldHaveSingleItem().ShouldStartWith("docs/page.md(10): CS1061 ");
    }

    [Fact]
    public void A_snippet_with_a_syntax_error_is_told_by_document_and_line() =>
        SnippetCompiler.ErrorsOf(new("docs/page.md", 3, "services.AddRoutingBehavior(;")).ShouldContain(error => error.StartsWith("docs/page.md(3): ", StringComparison.Ordinal));

    [Fact]
    public void The_readme_has_snippets() => Snippet.Of("README.md").Count().ShouldBeGreaterThan(3);
}
