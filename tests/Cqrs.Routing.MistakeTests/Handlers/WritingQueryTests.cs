using Dapper;
using Microsoft.Data.Sqlite;

namespace Cqrs.Routing.MistakeTests.Handlers;

/// <summary>A query that writes, in every way in which handlers do.</summary>
public sealed class WritingQueryTests
{
    private const string Insert = "INSERT INTO Orders (Product) VALUES ('raw')";

    [Fact]
    public async Task SaveChanges_in_a_query_says_what_to_do() => await ShouldBeRefusedAsync(work => work.SaveAsync(), "it called SaveChanges with changed entities");

    [Fact]
    public async Task ExecuteUpdate_in_a_query_says_what_to_do() =>
        await ShouldBeRefusedAsync(async work => await work.Shop.Orders.ExecuteUpdateAsync(order => order.SetProperty(o => o.Product, "sold")), "ExecuteUpdate");

    [Fact]
    public async Task ExecuteDelete_in_a_query_says_what_to_do() => await ShouldBeRefusedAsync(async work => await work.Shop.Orders.ExecuteDeleteAsync(), "ExecuteDelete");

    [Fact]
    public async Task ExecuteSqlRaw_in_a_query_says_what_to_do() => await ShouldBeRefusedAsync(async work => await work.Shop.Database.ExecuteSqlRawAsync(Insert), "INSERT");

    [Fact]
    public async Task A_FromSql_that_deletes_says_what_to_do() =>
        await ShouldBeRefusedAsync(async work => await work.Shop.Database.SqlQueryRaw<int>("DELETE FROM Orders RETURNING Id AS Value").ToListAsync(), "DELETE");

    [Fact]
    public async Task EnsureCreated_in_a_query_says_what_to_do() => await ShouldBeRefusedAsync(async work => await work.Shop.Database.EnsureCreatedAsync(), "EnsureCreated");

    [Fact]
    public async Task Migrate_in_a_query_says_what_to_do() => await ShouldBeRefusedAsync(
        async work =>
        {
            await work.Shop.Database.MigrateAsync();
            return null;
        },
        "Migrat");

    [Fact]
    public async Task SaveChanges_after_reading_with_tracking_says_what_to_do() => await ShouldBeRefusedAsync(
        async work =>
        {
            (await work.Shop.Orders.FirstAsync()).Product = "viewed";
            return await work.Shop.SaveChangesAsync();
        },
        "it called SaveChanges with changed entities");

    [Fact]
    public async Task GetOrCreate_in_a_query_says_what_to_do() => await ShouldBeRefusedAsync(
        async work => await work.Shop.Orders.GetOrCreateAsync(order => order.Product == "new", () => new Order { Product = "new" }), "SaveChanges");

    [Fact]
    public async Task A_notification_handler_that_writes_says_where_its_data_belongs()
    {
        await using var app = ShopApp.CreateRight();
        app.Services.AddTransient<INotificationHandler<OrderViewed>, CountViews>();

        (await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new GetReport(async work =>
        {
            await work.Services.GetRequiredService<IPublisher>().Publish(new OrderViewed());
            return null;
        })))).ShouldSay("GetReport is a query and cannot write", "what a notification handler saves", "a context of its own without UseReplica");
    }

    [Fact]
    public async Task An_audit_that_every_request_writes_says_where_its_data_belongs()
    {
        await using var app = CreateWithAudit((app, options) => options.UseSqlite(app.Primary).UseReplica(app.Replica));

        (await Should.ThrowAsync<QueryWriteException>(app.ReadAsync)).ShouldSay("GetReport", "AuditContext", "such as an audit", "a context of its own without UseReplica");
    }

    [Fact]
    public async Task An_audit_in_a_context_without_UseReplica_is_harmless()
    {
        await using var app = CreateWithAudit((app, options) => options.UseSqlite(app.Primary));

        (await app.ReadAsync()).ShouldBe(ShopApp.OnReplica);
        (await app.InScopeAsync(work => work.Audit.Entries.CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_write_that_the_handler_swallows_is_logged()
    {
        await using var app = ShopApp.CreateRight();

        await app.SendAsync(new GetReport(async work =>
        {
            try
            {
                return await work.SaveAsync();
            }
            catch (Exception)
            {
                return "never mind";
            }
        }));

        app.Log.ShouldBeOnlyWarning(33, "GetReport is a query and was kept from writing", "SaveChanges", "ShopContext", "Make the request a command (ICommand)");
    }

    [Fact]
    public async Task A_write_by_Dapper_in_a_query_does_not_reach_a_server()
    {
        await using var app = ShopApp.CreateRight();

        await Should.ThrowAsync<SqliteException>(() => app.SendAsync(new GetReport(async work => await work.Shop.Database.GetDbConnection().ExecuteAsync(Insert))));

        (await app.CountOrdersAsync(app.Primary)).ShouldBe(1);
        (await app.CountOrdersAsync(app.Replica)).ShouldBe(1);
    }

    [Fact]
    public async Task SaveChanges_without_changes_in_a_query_is_harmless()
    {
        await using var app = ShopApp.CreateRight();

        (await app.SendAsync(new GetReport(async work =>
        {
            var product = await work.ReadAsync();
            await work.Shop.SaveChangesAsync();
            return product;
        }))).ShouldBe(ShopApp.OnReplica);
        app.Log.ShouldBeWithoutWarning();
    }

    [Fact]
    public async Task A_statement_that_only_reads_but_is_not_recognized_says_how_to_declare_it()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new GetReport(async work => await work.Shop.Database.ExecuteSqlRawAsync("EXEC dbo.GetOrders")))))
            .ShouldSay("GetReport", "replica.Reads(\"dbo.GetOrders\")", "TagAsRead()");
    }

    private static async Task ShouldBeRefusedAsync(Func<Work, Task<object?>> handler, string attempt)
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new GetReport(handler))))
            .ShouldSay("GetReport is a query and cannot write", attempt, "ShopContext", "Make the request a command (ICommand)");

        app.Log.ShouldBeOnlyWarning(33, "GetReport", "Make the request a command (ICommand)");
        (await app.CountOrdersAsync(app.Primary)).ShouldBe(1);
        (await app.CountOrdersAsync(app.Replica)).ShouldBe(1);
    }

    private static ShopApp CreateWithAudit(Action<ShopApp, DbContextOptionsBuilder> configure)
    {
        var app = ShopApp.CreateRight();
        app.Services.AddDbContext<AuditContext>(options => configure(app, options));
        app.Services.AddTransient<IPipelineBehavior<GetReport, object?>, AuditBehavior>();
        return app;
    }

    public sealed record OrderViewed : INotification;

    private sealed class CountViews(ShopContext shop) : INotificationHandler<OrderViewed>
    {
        public Task Handle(OrderViewed notification, CancellationToken cancellationToken)
        {
            shop.Orders.Add(new Order { Product = "viewed" });
            return shop.SaveChangesAsync(cancellationToken);
        }
    }

    private sealed class AuditBehavior(AuditContext audit) : IPipelineBehavior<GetReport, object?>
    {
        public async Task<object?> Handle(GetReport request, RequestHandlerDelegate<object?> next, CancellationToken cancellationToken)
        {
            var answer = await next();
            audit.Entries.Add(new AuditEntry { Text = nameof(GetReport) });
            await audit.SaveChangesAsync(cancellationToken);
            return answer;
        }
    }
}
