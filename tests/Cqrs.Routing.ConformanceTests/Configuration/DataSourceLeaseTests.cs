using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>PostgreSQL: a pooled context gets back its data source, or its string with a password, after a lease that changed the connection.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DataSourceLeaseTests(PairFixture<PostgresPairDatabase> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Case", "C206")]
    public async Task The_next_lease_of_a_pooled_context_has_the_data_source_and_its_password(bool byString)
    {
        await using var primary = NpgsqlDataSource.Create(Pair.Primary);
        await using var replica = NpgsqlDataSource.Create(Pair.Replica);
        await using var app = RoutedApp.Start(Pair, options => options.AddContexts = (services, log) => services.AddDbContextPool<ShopContext>(
            context => context.UseNpgsql(primary).UseReplica(options => options.UseNpgsql(replica)).AddInterceptors(log), poolSize: 1));

        await app.SendAsync(new Read(async handling =>
        {
            if (byString)
                handling.Db.Database.SetConnectionString(Pair.Replica);
            else
                handling.Db.Database.SetDbConnection(new NpgsqlConnection(Pair.Replica), contextOwnsConnection: true);
            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
        }));

        (await app.SendAsync(new Write(async handling => (await handling.Db.Orders.SingleAsync()).Name))).ShouldBe(DatabasePair.Current);
        (await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name))).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    [Trait("Case", "C206")]
    public async Task The_next_lease_of_a_pooled_context_has_the_connection_string_with_its_password()
    {
        var primary = $"{Pair.Primary};Password=secret";
        await using var app = RoutedApp.Start(Pair, options => options.AddContexts = (services, log) => services.AddDbContextPool<ShopContext>(
            context => context.UseNpgsql(primary).UseReplica($"{Pair.Replica};Password=secret").AddInterceptors(log), poolSize: 1));

        await app.SendAsync(new Write(async handling =>
        {
            await handling.Db.Orders.CountAsync();
            handling.Db.Database.SetConnectionString(Pair.Replica);
            await handling.Db.Orders.CountAsync();
        }));

        await app.InScopeAsync(handling =>
        {
            handling.Db.Database.GetConnectionString().ShouldBe(primary);
            handling.Db.Database.GetDbConnection().ConnectionString.ShouldBe(primary);
            return Task.CompletedTask;
        });
    }
}
