using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.MistakeTests.Strings;

/// <summary>The primary is another one than the one beside which UseReplica was written.</summary>
public sealed class ReplacedPrimaryTests
{
    [Fact]
    public async Task A_primary_given_as_a_connection_warns_that_the_replica_needs_one_too()
    {
        await using var app = new ShopApp();
        await using var connection = new SqliteConnection(app.Primary);
        app.AddShop(options => options.UseSqlite(connection).UseReplica(app.Replica)).AddMediator().AddRouting();

        (await app.ReadAsync()).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(3, "ShopContext", "the application supplied the connection itself", "give UseReplica a connection", "UseReplicaMirror()");
    }

    [Fact]
    public async Task A_test_that_replaces_the_primary_only_is_warned()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.ConfigureDbContext<ShopContext>(options => options.UseSqlite(app.FileOf("replica.db") + ";Mode=ReadWrite"));

        await app.ReadAsync();

        app.Log.ShouldBeOnlyWarning(3, "ShopContext", "its primary was replaced after UseReplica was called", "UseReplicaMirror() in tests");
    }

    [Fact]
    public async Task A_primary_that_is_changed_at_run_time_is_warned()
    {
        await using var app = ShopApp.CreateRight();

        (await app.SendAsync(new GetReport(work =>
        {
            work.Shop.Database.SetConnectionString(app.Primary + ";Default Timeout=7");
            return work.ReadAsync();
        }))).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(3, "ShopContext", "its connection was changed at run time", "Database.SetReplicaConnectionString(...)");
    }

    [Fact]
    public async Task OnConfiguring_that_chooses_another_primary_is_warned()
    {
        await using var app = new ShopApp();
        TenantContext.Tenant = app.Primary;
        app.Services.AddDbContext<TenantContext>(options => options.UseSqlite(app.FileOf("default.db")).UseReplica(app.Replica));
        app.Services.ConfigureDbContext<TenantContext>(app.Separate);
        app.AddMediator().AddRouting();

        (await app.SendAsync(new GetReport(async work => await work.Services.GetRequiredService<TenantContext>().Orders.Select(order => order.Product).FirstAsync()))).ShouldBe(ShopApp.OnPrimary);

        app.Log.ShouldBeOnlyWarning(3, "TenantContext", "its primary was replaced after UseReplica was called", "Call UseReplica after that");
    }

    [Fact]
    public async Task OnConfiguring_that_chooses_the_primary_after_UseReplica_alone_is_warned()
    {
        await using var app = new ShopApp();
        LateContext.Tenant = app.Primary;
        app.Services.AddDbContext<LateContext>(options => options.UseReplica(app.Replica));
        app.Services.ConfigureDbContext<LateContext>(app.Separate);
        app.AddMediator().AddRouting();

        await app.SendAsync(new GetReport(async work => await work.Services.GetRequiredService<LateContext>().Orders.Select(order => order.Product).FirstAsync()));

        app.Log.ShouldBeOnlyWarning(3, "LateContext", "OnConfiguring chose another primary", "Call UseReplica in OnConfiguring too");
    }

    [Fact]
    public async Task A_replaced_primary_is_a_warning_of_the_self_check()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.ConfigureDbContext<ShopContext>(options => options.UseSqlite(app.FileOf("other.db")));

        (await app.CheckAsync()).Findings.Single(finding => finding.Severity == SelfCheckSeverity.Warning).Message.ShouldSay("its primary was replaced", "Call UseReplica after that");
    }

    public sealed class LateContext(DbContextOptions<LateContext> options) : DbContext(options)
    {
        public static string? Tenant { get; set; }

        public DbSet<Order> Orders => Set<Order>();

        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseSqlite(Tenant);
    }

    public sealed class TenantContext(DbContextOptions<TenantContext> options) : DbContext(options)
    {
        public static string? Tenant { get; set; }

        public DbSet<Order> Orders => Set<Order>();

        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseSqlite(Tenant);
    }
}
