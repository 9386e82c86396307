namespace Cqrs.Routing.Core.Tests;

public sealed class OutputFolderTests
{
    [Fact]
    public void The_output_folder_of_an_application_on_the_core_holds_no_mediator()
    {
        var assemblies = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(Path.GetFileNameWithoutExtension).ToList();

        assemblies.ShouldContain("Cqrs.Routing.Core");
        assemblies.ShouldContain("Cqrs.Routing.Attributes");
        assemblies.ShouldNotContain(name => name!.Contains("MediatR", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Mediator", StringComparison.OrdinalIgnoreCase));
        assemblies.ShouldNotContain("Cqrs.Routing");
        assemblies.ShouldNotContain("Cqrs.Routing.Abstractions");
    }
}
