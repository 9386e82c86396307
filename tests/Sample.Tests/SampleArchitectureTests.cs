using Sample.Application.Abstractions;

namespace Sample.Tests;

public sealed class SampleArchitectureTests
{
    [Fact]
    public void The_application_knows_no_database_provider_and_nothing_of_routing_but_its_markers()
    {
        var known = typeof(IApplicationDbContext).Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToList();

        known.ShouldContain("Cqrs.Routing.Abstractions");
        known.Where(name => name.StartsWith("Cqrs.Routing", StringComparison.Ordinal)).ShouldHaveSingleItem();
        known.ShouldNotContain(name => name.Contains("Sqlite") || name.Contains("SqlClient") || name.Contains("Npgsql") || name.EndsWith(".Relational"));
    }
}
