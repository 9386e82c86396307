namespace Cqrs.Routing.DocsTests;

/// <summary>What an application's compiler says of a source that no real server has confirmed.</summary>
public sealed class ExperimentalTests
{
    [Theory]
    [InlineData("SqlServer")]
    [InlineData("AzureSql")]
    public void Naming_the_source_is_an_error(string source) =>
        ErrorsOf($"options.UseSqlServer(primary).UseReplica(azure, replica => replica.PositionSource = PositionSources.{source});")
            .ShouldHaveSingleItem().ShouldStartWith("docs/page.md(1): CQRSR001 ");

    [Theory]
    [InlineData("options.UseSqlServer(primary).UseReplica(azure);")]
    [InlineData("options.UseAzureSql(primary).UseReadOnlyIntentReplica();")]
    [InlineData("options.UseSqlServer(primary).UseReplica(azure, replica => replica.PositionSource = PositionSources.None);")]
    public void Having_it_by_default_is_none(string code) => ErrorsOf(code).ShouldBeEmpty();

    private static IReadOnlyList<string> ErrorsOf(string code) => SnippetCompiler.ErrorsOf(new("docs/page.md", 1, code));
}
