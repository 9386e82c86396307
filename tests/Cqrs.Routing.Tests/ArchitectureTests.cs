using NetArchTest.Rules;

namespace Cqrs.Routing.Tests;

/// <summary>One arrow direction: MediatR's and EF's sides know Routing, Routing knows Consistency and Health, and these know nobody.</summary>
public sealed class ArchitectureTests
{
    private static readonly System.Reflection.Assembly Library = typeof(RouteScope).Assembly;

    [Fact]
    public void Routing_knows_neither_EF_nor_MediatR() => ShouldNotKnow("Cqrs.Routing.Routing", "Microsoft.EntityFrameworkCore", "MediatR");

    [Fact]
    public void Consistency_knows_databases_and_nothing_of_routing_or_EF() =>
        ShouldNotKnow("Cqrs.Routing.Consistency", "Cqrs.Routing.Routing", "Cqrs.Routing.EntityFrameworkCore", "Cqrs.Routing.Mediation", "Microsoft.EntityFrameworkCore", "MediatR");

    [Fact]
    public void Health_knows_errors_and_nothing_of_routing_or_EF() =>
        ShouldNotKnow("Cqrs.Routing.Health", "Cqrs.Routing.Routing", "Cqrs.Routing.EntityFrameworkCore", "Cqrs.Routing.Mediation", "Microsoft.EntityFrameworkCore", "MediatR");

    [Fact]
    public void Routing_knows_no_room_but_consistency_and_health() =>
        ShouldNotKnow("Cqrs.Routing.Routing", "Cqrs.Routing.EntityFrameworkCore", "Cqrs.Routing.Mediation");

    [Fact]
    public void Only_mediation_knows_MediatR() => Types.InAssembly(Library)
        .That().DoNotResideInNamespace("Cqrs.Routing.Mediation").And().DoNotHaveName("RoutingServiceCollectionExtensions")
        .ShouldNot().HaveDependencyOn("MediatR")
        .GetResult().FailingTypeNames.ShouldBeNull();

    [Fact]
    public void Mediation_and_EF_do_not_know_each_other()
    {
        ShouldNotKnow("Cqrs.Routing.Mediation", "Cqrs.Routing.EntityFrameworkCore", "Microsoft.EntityFrameworkCore");
        ShouldNotKnow("Cqrs.Routing.EntityFrameworkCore", "Cqrs.Routing.Mediation");
    }

    [Fact]
    public void The_text_classifier_knows_nothing_but_text() => Types.InAssembly(Library)
        .That().HaveNameStartingWith("Sql").And().ResideInNamespace("Cqrs.Routing.EntityFrameworkCore.Guard")
        .ShouldNot().HaveDependencyOnAny("Microsoft.EntityFrameworkCore", "MediatR")
        .GetResult().FailingTypeNames.ShouldBeNull();

    [Fact]
    public void The_library_names_no_provider_and_no_sample() => Types.InAssembly(Library)
        .ShouldNot().HaveDependencyOnAny("Npgsql", "Microsoft.Data.Sqlite", "Microsoft.Data.SqlClient", "Sample")
        .GetResult().FailingTypeNames.ShouldBeNull();

    private static void ShouldNotKnow(string room, params string[] others) => Types.InAssembly(Library)
        .That().ResideInNamespace(room)
        .ShouldNot().HaveDependencyOnAny(others)
        .GetResult().FailingTypeNames.ShouldBeNull();
}
