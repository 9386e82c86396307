using System.Runtime.CompilerServices;
using NetArchTest.Rules;

namespace Cqrs.Routing.Tests;

/// <summary>The references that the assemblies may have. <c>RoomsTests</c> covers the rooms of the core.</summary>
public sealed class ArchitectureTests
{
    private const string EntityFramework = "Microsoft.EntityFrameworkCore";

    private static readonly System.Reflection.Assembly Core = typeof(RouteScope).Assembly;

    [Fact]
    public void The_core_references_no_mediator_and_the_adapter_no_EF()
    {
        Core.GetReferencedAssemblies().ShouldNotContain(reference => reference.Name!.StartsWith("MediatR", StringComparison.Ordinal));
        typeof(Microsoft.Extensions.DependencyInjection.CqrsRoutingServiceCollectionExtensions).Assembly
            .GetReferencedAssemblies().ShouldNotContain(reference => reference.Name!.StartsWith(EntityFramework, StringComparison.Ordinal));
    }

    [Fact]
    public void The_adapter_stands_on_the_public_surface_of_the_core() =>
        Core.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false).Cast<InternalsVisibleToAttribute>()
            .ShouldNotContain(friend => friend.AssemblyName == "Cqrs.Routing");

    [Fact]
    public void An_adapter_takes_less_than_a_hundred_lines() =>
        new[] { "RoutingBehavior.cs", "StreamRoutingBehavior.cs" }
            .Sum(file => File.ReadLines(Path.Combine(Folder(), "../../src/Cqrs.Routing", file)).Count()).ShouldBeLessThan(100);

    [Fact]
    public void The_library_names_no_provider_and_no_sample() => Types.InAssembly(Core)
        .ShouldNot().HaveDependencyOnAny("Npgsql", "Microsoft.Data.Sqlite", "Microsoft.Data.SqlClient", "Sample")
        .GetResult().FailingTypeNames.ShouldBeNull();

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
