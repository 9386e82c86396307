using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>Invalid arguments of UseReplica cause a clear error at the first use of the context. Needs no server.</summary>
public sealed class ReplicaInputTests
{
    private const string SqlServer = "Server=primary.example;Database=shop;Integrated Security=true";
    private const string Npgsql = "Host=primary.example;Database=shop";
    private const string Sqlite = "Data Source=shop.db";

    public static TheoryData<string, string> Unreadable => new()
    {
        { nameof(SqlServer), "nonsense" },
        { nameof(SqlServer), "Nonsense=1" },
        { nameof(SqlServer), "Connect Timeout=soon" },
        { nameof(Npgsql), "nonsense" },
        { nameof(Npgsql), "Nonsense=1" },
        { nameof(Npgsql), "Host=replica.example;Port=none" },
        { nameof(Sqlite), "nonsense" },
        { nameof(Sqlite), "Nonsense=1" },
    };

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_blank_string_for_a_replica_at_run_time_is_refused_where_it_is_passed(string blank)
    {
        using var context = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlite(Sqlite).UseReplica(Sqlite).Options);

        var error = Should.Throw<ArgumentException>(() => context.Database.SetReplicaConnectionString(blank));

        error.ParamName.ShouldBe("connectionString");
        error.Message.ShouldContain("Pass the replica's connection string, or null");
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void A_string_that_the_provider_cannot_parse_is_reported_by_a_query(string provider, string replica)
    {
        using var query = RouteScope.BeginQuery();

        ShouldBeUnreadable(() => Use(provider, context => context.UseReplica(replica)), provider);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void A_string_that_the_provider_cannot_parse_is_reported_by_the_first_use_even_if_that_is_no_query(string provider, string replica) =>
        ShouldBeUnreadable(() => Use(provider, context => context.UseReplica(replica)), provider);

    [Fact]
    public void A_string_that_Npgsql_cannot_parse_for_its_data_source_is_reported() => ShouldBeUnreadable(
        () => Use(context => context.UseNpgsql(Npgsql, npgsql => npgsql.MapEnum<DatabaseRole>()).UseReplica("Host=replica.example;Port=none")), nameof(Npgsql));

    [Fact]
    public void Another_provider_than_the_primarys_is_refused()
    {
        var error = Should.Throw<InvalidOperationException>(() => Use(nameof(SqlServer), context => context.UseReplica(replica => replica.UseNpgsql(Npgsql))));

        error.Message.ShouldBe(
            "The primary of Shop<ReplicaInputTests> is configured by SqlServer and its replica by Npgsql. "
            + "Configure the replica as the primary is: UseReplica(o => o.UseSqlServer(...)). [CR228]");
    }

    [Fact]
    public void A_replica_without_a_provider_is_refused()
    {
        var error = Should.Throw<InvalidOperationException>(() => Use(nameof(Sqlite), context => context.UseReplica(replica => { })));

        error.Message.ShouldContain("Call the same Use... method as for the primary inside it");
    }

    [Fact]
    public void A_replica_with_more_than_a_provider_is_refused()
    {
        var error = Should.Throw<InvalidOperationException>(() => Use(
            nameof(Sqlite), context => context.UseReplica(replica => replica.UseSqlite("Data Source=replica.db").AddInterceptors(new Nothing()))));

        error.Message.ShouldContain("move interceptors, loggers and the like out of it, next to UseReplica");
    }

    [Fact]
    public void UseReadOnlyIntentReplica_is_refused_on_another_provider()
    {
        var error = Should.Throw<InvalidOperationException>(() => Use(nameof(Npgsql), context => context.UseReadOnlyIntentReplica()));

        error.Message.ShouldBe(
            "Shop<ReplicaInputTests> uses Npgsql, but UseReadOnlyIntentReplica() is for SQL Server. Call UseReplica(\"...\") with the replica's connection string. [CR226]");
    }

    [Fact]
    public void A_primary_given_as_a_data_source_asks_for_a_replica_data_source()
    {
        using var source = NpgsqlDataSource.Create(Npgsql);

        var error = Should.Throw<InvalidOperationException>(() => Use(context => context.UseNpgsql(source).UseReplica("Host=replica.example;Database=shop")));

        error.Message.ShouldContain("Call UseReplica(o => o.UseNpgsql(replicaDataSource))");
    }

    [Fact]
    public async Task A_primary_whose_data_source_is_a_service_asks_for_a_replica_data_source()
    {
        // What AddNpgsqlDataSource registers.
        await using var services = new ServiceCollection()
            .AddSingleton(_ => NpgsqlDataSource.Create(Npgsql))
            .AddDbContext<Shop<ReplicaInputTests>>(context => context.UseNpgsql().UseReplica("Host=replica.example;Database=shop"))
            .BuildServiceProvider(validateScopes: true);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<Shop<ReplicaInputTests>>();

        var error = Should.Throw<InvalidOperationException>(db.Database.GetDbConnection);

        error.Message.ShouldContain("Call UseReplica(o => o.UseNpgsql(replicaDataSource))");
    }

    private static void ShouldBeUnreadable(Action use, string provider)
    {
        var message = Should.Throw<InvalidOperationException>(use).Message;

        message.ShouldStartWith($"The replica of Shop<ReplicaInputTests> cannot be used with {provider}: ");
        message.ShouldContain("Pass UseReplica a connection string that this provider accepts");
    }

    private static void Use(string provider, Action<DbContextOptionsBuilder> configure) => Use(context => configure(provider switch
    {
        nameof(SqlServer) => context.UseSqlServer(SqlServer),
        nameof(Npgsql) => context.UseNpgsql(Npgsql),
        _ => context.UseSqlite(Sqlite),
    }));

    private static void Use(Action<DbContextOptionsBuilder> configure)
    {
        var options = new DbContextOptionsBuilder<Shop<ReplicaInputTests>>();
        configure(options);
        using var db = new Shop<ReplicaInputTests>(options.Options);
        db.Database.GetDbConnection();
    }

    private sealed class Nothing : DbCommandInterceptor;
}
