namespace Cqrs.Routing.MistakeTests.Setup;

/// <summary>Everything is registered, and still no query reaches the replica.</summary>
public sealed class IdleReplicaTests
{
    [Fact]
    public async Task A_context_that_only_code_outside_requests_uses_is_named_after_500_uses()
    {
        await using var app = ShopApp.CreateRight();

        for (var use = 0; use < 500; use++)
            await app.InScopeAsync(work => work.ReadAsync());

        app.Log.ShouldBeOnlyWarning(31, "ShopContext", "IQuery<T>", "RouteScope.BeginQuery()");
    }

    [Fact]
    public async Task A_handler_that_is_called_without_the_mediator_reads_as_without_routing()
    {
        var (routed, plain) = await ShopApp.RunBothAsync(work => new GetReportHandler(work.Services).Handle(GetReport.Right, default));

        routed.ShouldBe(plain);
    }

    [Fact]
    public async Task A_transaction_around_every_request_is_named_after_ten_queries()
    {
        await using var app = ShopApp.CreateRight();
        for (var use = 0; use < 10; use++)
        {
            await app.InScopeAsync(async work =>
            {
                await using var transaction = await work.Shop.Database.BeginTransactionAsync();
                return await work.Sender.Send(GetReport.Right);
            });
        }

        app.Log.ShouldBeOnlyWarning(2, "GetReport", "OpenConnection", "open it around commands only");
    }

    [Fact]
    public async Task A_connection_that_is_opened_before_every_query_is_named_after_ten_queries()
    {
        await using var app = ShopApp.CreateRight();
        for (var use = 0; use < 10; use++)
        {
            await app.InScopeAsync(async work =>
            {
                await work.Shop.Database.OpenConnectionAsync();
                return await work.Sender.Send(GetReport.Right);
            });
        }

        app.Log.ShouldBeOnlyWarning(2, "GetReport", "OpenConnection", "open it around commands only");
    }
}
