namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>A replica whose database name differs from the primary's is refused unless the options allow it. Needs no server.</summary>
public sealed class DatabaseNameTests
{
    [Fact]
    public void A_replica_with_another_database_name_is_refused_on_Npgsql_with_both_names() => ShouldBeRefused(
        context => context.UseNpgsql("Host=primary.example;Database=shop"), "Host=replica.example;Database=ship");

    [Fact]
    public void A_replica_with_another_database_name_is_refused_on_SqlServer_with_both_names() => ShouldBeRefused(
        context => context.UseSqlServer("Server=primary.example;Database=shop"), "Server=replica.example;Initial Catalog=ship");

    [Fact]
    public void A_replica_with_another_database_name_is_refused_on_Npgsql_with_an_enum_mapping() => ShouldBeRefused(
        context => context.UseNpgsql("Host=enums.example;Database=shop", npgsql => npgsql.MapEnum<DatabaseRole>()), "Host=replica.example;Database=ship");

    [Fact]
    public void A_replica_with_another_database_name_can_be_allowed() => ReplicaString(context => context
        .UseNpgsql("Host=primary.example;Database=first")
        .UseReplica("Host=replica.example;Database=second", replica => replica.AllowDifferentDatabaseName = true)).ShouldContain("Database=second");

    [Fact]
    public void A_database_name_that_one_context_allows_is_still_refused_for_another_context()
    {
        const string primary = "Host=primary.example;Database=third";
        const string replica = "Host=replica.example;Database=fourth";
        ReplicaString(context => context.UseNpgsql(primary).UseReplica(replica, options => options.AllowDifferentDatabaseName = true)).ShouldBe(replica);

        Should.Throw<InvalidOperationException>(() => ReplicaString(context => context.UseNpgsql(primary).UseReplica(replica)));
    }

    [Fact]
    public void A_database_name_is_compared_whatever_its_keyword_and_its_case() => ReplicaString(context => context
        .UseSqlServer("Server=primary.example;Database=shop")
        .UseReplica("Data Source=replica.example;Initial Catalog=SHOP")).ShouldContain("replica.example");

    [Fact]
    public void SQLite_files_have_no_name_to_compare() => ReplicaString(context => context
        .UseSqlite("Data Source=shop.db")
        .UseReplica("Data Source=copy.db")).ShouldContain("copy.db");

    private static void ShouldBeRefused(Action<DbContextOptionsBuilder> primary, string replica)
    {
        var error = Should.Throw<InvalidOperationException>(() => ReplicaString(context =>
        {
            primary(context);
            context.UseReplica(replica);
        }));

        error.Message.ShouldBe(
            "The primary of Shop<DatabaseNameTests> is the database 'shop' and its replica the database 'ship'. A replica has the primary's database name; "
            + "if this one really is a copy of it, call UseReplica(..., replica => replica.AllowDifferentDatabaseName = true). [CR230]");
    }

    private static string ReplicaString(Action<DbContextOptionsBuilder> configure)
    {
        var options = new DbContextOptionsBuilder<Shop<DatabaseNameTests>>();
        configure(options);
        using var db = new Shop<DatabaseNameTests>(options.Options);
        using var query = RouteScope.BeginQuery();
        return db.Database.GetConnectionString()!;
    }
}
