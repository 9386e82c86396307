namespace Cqrs.Routing.DocsTests;

/// <summary><c>docs/conformance.md</c> lists each case with its tests.</summary>
public sealed class ConformanceCasesTests
{
    private const string Page = "docs/conformance.md";

    [Fact]
    public void The_page_lists_every_case_that_a_test_names_and_no_other()
    {
        var lines = Documents.LinesOf(Page);
        var rows = ConformanceCases.ToRows();
        if (rows.SequenceEqual(lines.Where(static line => line.StartsWith("| C", StringComparison.Ordinal))))
            return;

        var received = Path.Combine(Documents.Root, "docs/conformance.received.md");
        File.WriteAllLines(received, lines.TakeWhile(static line => !line.StartsWith("| C", StringComparison.Ordinal)).Concat(rows));
        Assert.Fail($"The cases changed. Compare {received} with {Page}, and rename it if the change is meant.");
    }
}
