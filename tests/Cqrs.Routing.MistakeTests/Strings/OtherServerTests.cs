using Npgsql;

namespace Cqrs.Routing.MistakeTests.Strings;

/// <summary>The replica's configuration does not fit the primary's. No server is needed to see that.</summary>
public sealed class OtherServerTests
{
    [Fact]
    public void UseReadOnlyIntentReplica_on_SQLite_says_what_to_call() => ShouldBeRefused(
        options => options.UseSqlite("Data Source=shop.db").UseReadOnlyIntentReplica(), "ShopContext uses Sqlite", "UseReadOnlyIntentReplica() is for SQL Server", "UseReplica(\"...\")");

    [Fact]
    public void UseReadOnlyIntentReplica_without_a_string_says_what_to_call() => ShouldBeRefused(
        options => options.UseSqlServer().UseReadOnlyIntentReplica(), "UseReadOnlyIntentReplica()", "the primary has none", "UseReplica(o => o.UseSqlServer(...))");

    [Fact]
    public void A_primary_given_as_a_data_source_and_a_replica_given_as_a_string_says_what_to_call()
    {
        using var source = NpgsqlDataSource.Create("Host=primary;Database=shop");

        ShouldBeRefused(options => options.UseNpgsql(source).UseReplica("Host=replica;Database=shop"), "The primary of ShopContext is given as a data source", "UseReplica(o => o.UseNpgsql(replicaDataSource))");
    }

    [Fact]
    public void Another_database_name_is_refused_with_the_option_that_allows_it() => ShouldBeRefused(
        options => options.UseNpgsql("Host=primary;Database=shop").UseReplica("Host=replica;Database=shop_replica"), "'shop'", "'shop_replica'", "replica.AllowDifferentDatabaseName = true");

    [Fact]
    public void Another_database_name_on_SQL_Server_is_refused_with_the_option_that_allows_it() => ShouldBeRefused(
        options => options.UseSqlServer("Server=primary;Database=shop").UseReplica("Server=replica;Database=master"), "ShopContext", "'shop'", "'master'", "replica.AllowDifferentDatabaseName = true");

    [Fact]
    public void UseReplica_with_another_provider_says_which_one_to_call() => ShouldBeRefused(
        options => options.UseSqlite("Data Source=shop.db").UseReplica(replica => replica.UseSqlServer("Server=replica")), "ShopContext", "Sqlite", "SqlServer", "UseReplica(o => o.UseSqlite(...))");

    [Fact]
    public void UseReplica_without_a_provider_inside_says_what_to_call() => ShouldBeRefused(
        options => options.UseSqlite("Data Source=shop.db").UseReplica(replica => { }), "UseReplica(o => ...) configured no relational provider", "Call the same Use... method");

    [Fact]
    public void UseReplica_with_InMemory_inside_says_what_to_call() => ShouldBeRefused(
        options => options.UseSqlite("Data Source=shop.db").UseReplica(replica => replica.UseInMemoryDatabase("replica")), "configured no relational provider", "Call the same Use... method");

    [Fact]
    public void UseReplica_with_an_interceptor_inside_says_where_it_belongs() => ShouldBeRefused(
        options => options.UseSqlite("Data Source=shop.db").UseReplica(replica => replica.UseSqlite("Data Source=replica.db").AddInterceptors(new Testing.CountingInterceptor())), "move interceptors", "next to UseReplica");

    [Fact]
    public void UseReplica_with_a_logger_factory_inside_says_where_it_belongs() => ShouldBeRefused(
        options => options.UseSqlite("Data Source=shop.db").UseReplica(replica => replica.UseSqlite("Data Source=replica.db").UseLoggerFactory(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance)),
        "interceptors, loggers",
        "next to UseReplica");

    private static void ShouldBeRefused(Action<DbContextOptionsBuilder<ShopContext>> configure, params string[] words)
    {
        Should.Throw<InvalidOperationException>(() =>
        {
            var options = new DbContextOptionsBuilder<ShopContext>();
            configure(options);
            ShopApp.Separate(options, options);
            using var shop = new ShopContext(options.Options);
            shop.Database.GetDbConnection();
        }).ShouldSay(words);
    }
}
