using System.Runtime.CompilerServices;
using NetArchTest.Rules;

namespace Cqrs.Routing.Tests;

/// <summary>What each room of the core may know. The rooms are the folders; internal types have their folder's namespace, public ones that of the library.</summary>
public sealed class ArchitectureTests
{
    private const string EntityFramework = "Microsoft.EntityFrameworkCore";

    // The order is the direction: what stands below may use what stands above.
    private static readonly string[] WithoutEF = ["Internal", "Diagnostics", "SqlText", "Providers", "Positions", "Sessions", "Health", "Requests", "Shadow", "Scopes"];

    private static readonly System.Reflection.Assembly Core = typeof(RouteScope).Assembly;

    public static TheoryData<string> RoomsWithoutEF => [.. WithoutEF];

    [Theory]
    [MemberData(nameof(RoomsWithoutEF))]
    public void A_room_that_needs_no_EF_knows_none(string room) => ShouldNotKnow(room, EntityFramework, "Cqrs.Routing.EntityFrameworkCore", "Cqrs.Routing.SelfCheck");

    [Fact]
    public void Every_folder_of_the_core_is_a_room_that_is_known_here()
    {
        var folders = Directory.GetDirectories(Path.Combine(Folder(), "../../src/Cqrs.Routing.Core")).Where(folder => Directory.EnumerateFileSystemEntries(folder).Any()).Select(folder => Path.GetFileName(folder)!);

        folders.Order().ShouldBe([.. WithoutEF.Concat(["EntityFrameworkCore", "SelfCheck"]).Order()]);
    }

    [Fact]
    public void The_texts_room_knows_nothing_but_text() =>
        ShouldNotKnow("SqlText", [.. WithoutEF.Where(room => room is not "SqlText" and not "Internal").Select(room => $"Cqrs.Routing.{room}")]);

    [Fact]
    public void What_a_database_is_knows_no_request() =>
        ShouldNotKnow("Providers", "Cqrs.Routing.Requests", "Cqrs.Routing.Scopes", "Cqrs.Routing.Shadow", "Cqrs.Routing.Sessions", "Cqrs.Routing.Positions");

    [Fact]
    public void Positions_know_no_session_and_no_request() =>
        ShouldNotKnow("Positions", "Cqrs.Routing.Requests", "Cqrs.Routing.Scopes", "Cqrs.Routing.Shadow", "Cqrs.Routing.Sessions", "Cqrs.Routing.Health");

    [Fact]
    public void Health_knows_no_request() => ShouldNotKnow("Health", "Cqrs.Routing.Requests", "Cqrs.Routing.Scopes", "Cqrs.Routing.Shadow");

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

    private static void ShouldNotKnow(string room, params string[] others) => Types.InAssembly(Core)
        .That().ResideInNamespace($"Cqrs.Routing.{room}")
        .ShouldNot().HaveDependencyOnAny(others)
        .GetResult().FailingTypeNames.ShouldBeNull();

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
