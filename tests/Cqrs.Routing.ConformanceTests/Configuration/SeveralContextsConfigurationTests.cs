using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>Several routed and unrouted contexts in one application, including one behind an interface.</summary>
public abstract class SeveralContextsConfigurationTests(DatabasePair pair) : ConformanceTest(pair)
{
    public interface IApplicationDbContext
    {
        DbSet<Order> Orders { get; }

        Task<int> SaveChangesAsync(CancellationToken cancellationToken);
    }

    [Fact]
    public async Task Each_context_follows_its_own_options()
    {
        await using var app = Start(options => options.AddContexts = (services, log) => services
            .AddDbContext<Routed>(context => Pair.Use(context, Pair.Primary).UseReplica(Pair.Replica).AddInterceptors(log))
            .AddDbContextPool<Inverse>(context => Pair.Use(context, Pair.Replica).UseReplica(Pair.Primary).AddInterceptors(log))
            .AddDbContext<Plain>(context => Pair.Use(context, Pair.Primary).AddInterceptors(log))
            .AddDbContext<Inert>(context => Pair.Use(Pair.Use(context, Pair.Replica).UseReplica(Pair.Replica), Pair.Primary).AddInterceptors(log)));

        var inQuery = await app.SendAsync(new Read(async handling => string.Join(' ', await NamesAsync(handling))));
        var inCommand = await app.SendAsync(new Write(async handling => string.Join(' ', await NamesAsync(handling))));

        inQuery.ShouldBe("replicated current current current");
        inCommand.ShouldBe("current replicated current current");
    }

    [Fact]
    public async Task A_context_without_UseReplica_is_never_touched()
    {
        await using var app = Start(options => options.AddContexts = (services, log) => services
            .AddDbContext<Plain>(context => Pair.Use(context, Pair.Primary).AddInterceptors(log)));

        await app.SendAsync(new Read(async handling =>
        {
            var db = handling.Services.GetRequiredService<Plain>();
            db.Add(new Customer { Email = "grace@example.org" });
            (await db.SaveChangesAsync()).ShouldBe(1);
        }));

        app.Routes.Records.ShouldAllBe(record => record.Context == null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_context_behind_an_interface_is_routed(bool registeredAsService)
    {
        await using var app = Start(options => options.AddContexts = (services, log) =>
        {
            void Configure(DbContextOptionsBuilder context) => Pair.Use(context, Pair.Primary).UseReplica(Pair.Replica).AddInterceptors(log);
            _ = registeredAsService
                ? services.AddDbContext<IApplicationDbContext, Routed>(Configure)
                : services.AddDbContext<Routed>(Configure).AddScoped<IApplicationDbContext>(provider => provider.GetRequiredService<Routed>());
        });

        static async Task<object?> NameAsync(Handling handling) =>
            (await handling.Services.GetRequiredService<IApplicationDbContext>().Orders.AsNoTracking().SingleAsync()).Name;

        (await app.SendAsync(new Read(NameAsync))).ShouldBe(DatabasePair.Replicated);
        (await app.SendAsync(new Write(NameAsync))).ShouldBe(DatabasePair.Current);
        await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(async handling =>
        {
            var db = handling.Services.GetRequiredService<IApplicationDbContext>();
            db.Orders.Add(new Order { Name = "new" });
            await db.SaveChangesAsync(handling.CancellationToken);
        })));
    }

    private static async Task<string[]> NamesAsync(Handling handling) =>
    [
        await NameAsync(handling.Services.GetRequiredService<Routed>()),
        await NameAsync(handling.Services.GetRequiredService<Inverse>()),
        await NameAsync(handling.Services.GetRequiredService<Plain>()),
        await NameAsync(handling.Services.GetRequiredService<Inert>()),
    ];

    private static async Task<string> NameAsync(ShopContext db) => (await db.Orders.AsNoTracking().SingleAsync()).Name;

    public sealed class Routed(DbContextOptions<Routed> options) : ShopContext(options), IApplicationDbContext;

    public sealed class Inverse(DbContextOptions<Inverse> options) : ShopContext(options);

    public sealed class Plain(DbContextOptions<Plain> options) : ShopContext(options);

    public sealed class Inert(DbContextOptions<Inert> options) : ShopContext(options);

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : SeveralContextsConfigurationTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : SeveralContextsConfigurationTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
