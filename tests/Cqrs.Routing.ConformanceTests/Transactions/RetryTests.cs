using System.Data.Common;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>Group B: <c>EnableRetryOnFailure</c> and a transaction behavior that runs again after a lost connection.</summary>
[Collection(PostgresCollection.Name)]
public sealed class RetryTests(PairFixture<PostgresPairDatabase> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    [Trait("Case", "C053")]
    public async Task EF_refuses_a_transaction_outside_its_execution_strategy_as_without_routing()
    {
        await using var app = Start(options => options.Retry = true);

        foreach (var request in new IRequest<object?>[] { new Write(Begin), new Read(Begin) })
            (await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(request))).Message.ShouldContain("does not support user-initiated transactions");

        static async Task Begin(Handling handling)
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await handling.Db.Orders.CountAsync();
        }
    }

    [Fact]
    [Trait("Case", "C053")]
    [Trait("Case", "C054")]
    public async Task A_command_whose_connection_is_lost_is_run_again_on_the_primary_and_writes_once()
    {
        await using var app = StartWithRetriedTransactions();
        var attempts = 0;

        var seen = await app.SendAsync(new Write(async handling =>
        {
            (await handling.Db.Orders.SingleAsync(order => order.Id == 1)).Version++;
            handling.Db.Add(new Order { Name = "written once" });
            await handling.Db.SaveChangesAsync();
            if (++attempts == 1)
                await KillAsync(handling.Db);
            return await handling.Sender.Send(new Read(async inner => await inner.Db.Orders.CountAsync()));
        }));

        attempts.ShouldBe(2);
        seen.ShouldBe(2);
        // Each attempt: the read, the update with the insert, and the inner query's count.
        app.Log.Counts.ShouldBe((6, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.CountAsync(order => order.Name == "written once")).ShouldBe(1);
        (await primary.Orders.SingleAsync(order => order.Id == 1)).Version.ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C053")]
    public async Task A_query_whose_connection_is_lost_is_run_again_on_the_replica()
    {
        await using var app = StartWithRetriedTransactions();
        var attempts = 0;

        var name = await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Orders.CountAsync();
            if (++attempts == 1)
                await KillAsync(handling.Db);
            return (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name;
        }));

        attempts.ShouldBe(2);
        name.ShouldBe(DatabasePair.Replicated);
        app.Log.Counts.ShouldBe((0, 4));
    }

    [Fact]
    [Trait("Case", "C054")]
    public async Task Without_clearing_the_tracker_a_second_run_writes_nothing_as_without_routing()
    {
        await using var app = Start(options => options.Retry = true);
        var order = new Order { Name = "saved, rolled back, and still unchanged" };
        var written = new List<int>();

        await app.SendAsync(new Write(handling => handling.Db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            if (written.Count == 0)
                handling.Db.Add(order);
            written.Add(await handling.Db.SaveChangesAsync());
            if (written.Count == 1)
                await KillAsync(handling.Db);
            await transaction.CommitAsync();
        })));

        written.ShouldBe([1, 0]);
    }

    private RoutedApp StartWithRetriedTransactions() => Start(options =>
    {
        options.Retry = true;
        options.ConfigureServices = services => services.AddTransient(typeof(IPipelineBehavior<,>), typeof(TransactionBehavior<,>));
    });

    /// <summary>Ends the server process behind a connection that is open, as a failover does.</summary>
    private async Task KillAsync(ShopContext db)
    {
        var victim = (NpgsqlConnection)db.Database.GetDbConnection();
        await using DbConnection killer = Pair.CreateConnection(Pair.ServerOf(victim) == Server.Primary ? Pair.Primary : Pair.Replica);
        await killer.OpenAsync();
        await using var command = killer.CreateCommand();
        command.CommandText = $"SELECT pg_terminate_backend({victim.ProcessID}, 20000)";
        (await command.ExecuteScalarAsync()).ShouldBe(true);
    }
}
