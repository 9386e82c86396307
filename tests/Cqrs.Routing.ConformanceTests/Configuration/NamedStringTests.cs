using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>EF's <c>Name=...</c> strings, which the configuration resolves. Needs no server.</summary>
public sealed class NamedStringTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["ConnectionStrings:SqlitePrimary"] = "Data Source=shop.db",
        ["ConnectionStrings:SqliteReplica"] = "Data Source=copy.db",
        ["ConnectionStrings:SqlServerPrimary"] = "Server=primary.example;Database=shop",
        ["ConnectionStrings:SqlServerReplica"] = "Server=replica.example;Database=shop",
        ["ConnectionStrings:NpgsqlPrimary"] = "Host=primary.example;Database=shop",
        ["ConnectionStrings:NpgsqlReplica"] = "Host=replica.example;Database=shop",
    };

    [Fact]
    public void A_replica_on_SQLite_can_be_named() => ReplicaString(context => context
        .UseSqlite("Name=SqlitePrimary").UseReplica("Name=SqliteReplica")).ShouldBe("Data Source=copy.db;Mode=ReadOnly", StringCompareShould.IgnoreCase);

    [Fact]
    public void A_replica_on_SqlServer_can_be_named() => ReplicaString(context => context
        .UseSqlServer("Name=SqlServerPrimary").UseReplica("Name=ConnectionStrings:SqlServerReplica")).ShouldContain("Data Source=replica.example;Initial Catalog=shop");

    [Fact]
    public void A_replica_on_Npgsql_can_be_named() => ReplicaString(context => context
        .UseNpgsql("Name=NpgsqlPrimary").UseReplica("Name=NpgsqlReplica")).ShouldBe("Host=replica.example;Database=shop");

    [Fact]
    public void A_read_only_intent_can_be_added_to_a_named_primary()
    {
        var replica = ReplicaString(context => context.UseSqlServer("Name=SqlServerPrimary").UseReadOnlyIntentReplica());

        replica.ShouldContain("Data Source=primary.example");
        replica.ShouldContain("Application Intent=ReadOnly");
    }

    [Fact]
    public void A_name_that_the_configuration_does_not_have_is_reported() => Should
        .Throw<InvalidOperationException>(() => ReplicaString(context => context.UseSqlite("Name=SqlitePrimary").UseReplica("Name=Missing")))
        .Message.ShouldContain("'Missing'");

    private static string ReplicaString(Action<DbContextOptionsBuilder> configure)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build())
            .AddDbContext<Shop<NamedStringTests>>(configure)
            .BuildServiceProvider(validateScopes: true);
        using var scope = services.CreateScope();
        using var query = RouteScope.BeginQuery();
        return scope.ServiceProvider.GetRequiredService<Shop<NamedStringTests>>().Database.GetConnectionString()!;
    }
}
