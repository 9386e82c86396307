using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>The connections of the SQL Server provider, examined without a server.</summary>
public sealed class SqlServerConfigurationTests
{
    [Theory]
    [InlineData("Server=listener.example;Database=shop;User ID=app;Password=secret")]
    [InlineData("Server=listener.example;Database=shop;User ID=app;Password=secret;ApplicationIntent=ReadWrite")]
    [InlineData("Server=listener.example;Database=shop;User ID=app;Password=secret;Application Intent=ReadWrite;MultiSubnetFailover=True")]
    public void The_read_only_intent_is_added_inside_a_query_and_not_outside(string primary)
    {
        using var db = Create(context => context.UseSqlServer(primary).UseReadOnlyIntentReplica());

        var before = Read(db.Database.GetConnectionString());
        SqlConnectionStringBuilder inside;
        using (RouteScope.BeginQuery())
        {
            inside = Read(db.Database.GetConnectionString());
            Read(db.Database.GetDbConnection().ConnectionString).ApplicationIntent.ShouldBe(ApplicationIntent.ReadOnly);
        }

        before.ApplicationIntent.ShouldBe(ApplicationIntent.ReadWrite);
        (inside.ApplicationIntent, inside.DataSource, inside.InitialCatalog, inside.UserID, inside.Password, inside.MultiSubnetFailover).ShouldBe(
            (ApplicationIntent.ReadOnly, "listener.example", "shop", "app", "secret", before.MultiSubnetFailover));
        Read(db.Database.GetDbConnection().ConnectionString).ApplicationIntent.ShouldBe(ApplicationIntent.ReadWrite);
    }

    [Fact]
    public void A_replica_string_keeps_the_settings_of_the_provider()
    {
        using var db = Create(context => context
            .UseSqlServer("Server=primary.example;Database=shop", sql => sql.EnableRetryOnFailure().CommandTimeout(73))
            .UseReplica("Server=replica.example;Database=shop;ApplicationIntent=ReadOnly"));
        using var query = RouteScope.BeginQuery();

        Read(db.Database.GetDbConnection().ConnectionString).DataSource.ShouldBe("replica.example");
        db.Database.GetCommandTimeout().ShouldBe(73);
        db.Database.CreateExecutionStrategy().RetriesOnFailure.ShouldBeTrue();
    }

    [Fact]
    public async Task With_a_retrying_provider_a_query_opens_the_replica_and_other_code_the_primary()
    {
        var opening = new Opening();
        await using var db = Create(context => context
            .UseSqlServer("Server=primary.example;Database=shop", sql => sql.EnableRetryOnFailure())
            .UseReadOnlyIntentReplica(static replica => replica.MonitorInterval = TimeSpan.Zero)
            .AddInterceptors(opening));

        using (RouteScope.BeginQuery())
            await Should.ThrowAsync<OperationCanceledException>(() => db.Orders.CountAsync());
        await Should.ThrowAsync<OperationCanceledException>(() => db.Orders.CountAsync());

        opening.Intents.ShouldBe([ApplicationIntent.ReadOnly, ApplicationIntent.ReadWrite]);
    }

    private static SqlConnectionStringBuilder Read(string? connectionString) => new(connectionString);

    private static Shop<SqlServerConfigurationTests> Create(Action<DbContextOptionsBuilder> configure)
    {
        var options = new DbContextOptionsBuilder<Shop<SqlServerConfigurationTests>>();
        configure(options);
        return new(options.Options);
    }

    /// <summary>Notes which connection EF is about to open, and stops it there.</summary>
    private sealed class Opening : DbConnectionInterceptor
    {
        public List<ApplicationIntent> Intents { get; } = [];

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            System.Data.Common.DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            Intents.Add(Read(connection.ConnectionString).ApplicationIntent);
            throw new OperationCanceledException("no server here");
        }
    }
}
