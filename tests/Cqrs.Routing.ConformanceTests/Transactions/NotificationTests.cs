using Cqrs.Routing.ConformanceTests.Routes;
using MediatR;
using MediatR.NotificationPublishers;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>Group B: notifications have no pipeline, so their handlers use the route of the request that published them.</summary>
public abstract class NotificationTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C047")]
    public async Task A_handler_of_a_commands_notification_reads_and_writes_in_the_commands_transaction()
    {
        await using var app = StartWithHandlers(typeof(DomainEvent.First));

        await app.SendAsync(new Write(async command =>
        {
            await using var transaction = await command.Db.Database.BeginTransactionAsync();
            command.Db.Add(new Order { Name = "uncommitted" });
            await command.Db.SaveChangesAsync();
            await PublishAsync(command, new(async handler =>
            {
                handler.Db.Database.CurrentTransaction.ShouldBeSameAs(transaction);
                (await handler.Db.Orders.CountAsync()).ShouldBe(2);
                (await handler.Sender.Send(new Read(async query => await query.Db.Orders.CountAsync()))).ShouldBe(2);
                await handler.Db.Notes.ExecuteUpdateAsync(notes => notes.SetProperty(note => note.Text, "notified"));
            }));
            await transaction.CommitAsync();
        }));

        app.Log.Counts.ShouldBe((4, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Notes.SingleAsync()).Text.ShouldBe("notified");
    }

    [Fact]
    [Trait("Case", "C047")]
    public async Task A_handler_of_a_querys_notification_reads_on_the_replica_and_cannot_write()
    {
        await using var app = StartWithHandlers(typeof(DomainEvent.First));

        await app.SendAsync(new Read(query => PublishAsync(query, new(async handler =>
        {
            (await handler.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
            await Should.ThrowAsync<QueryWriteException>(() => handler.Db.Orders.ExecuteDeleteAsync());
        }))));

        app.Log.Counts.ShouldBe((0, 1));
    }

    [Fact]
    [Trait("Case", "C047")]
    public async Task Handlers_that_run_at_once_each_send_their_queries_to_the_primary()
    {
        await using var app = StartWithHandlers(typeof(DomainEvent.First), typeof(DomainEvent.Second));
        var barrier = new FlowBarrier(2);

        await app.SendAsync(new Write(command => PublishAsync(command, new(async _ =>
        {
            await barrier.ArriveAsync();
            var name = await app.SendAsync(new Read(async query => (await query.Db.Orders.AsNoTracking().SingleAsync()).Name));
            await barrier.ArriveAsync();
            RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.Command));
            name.ShouldBe(DatabasePair.Current);
        }))));

        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C047")]
    public async Task Handlers_that_run_at_once_on_one_context_get_EFs_own_error_and_the_command_goes_on()
    {
        var gate = new Gate();
        await using var app = StartWithHandlers(gate, typeof(DomainEvent.First), typeof(DomainEvent.Second));

        var name = await app.SendAsync(new Write(async command =>
        {
            var both = PublishAsync(command, new(async handler => await handler.Db.Orders.AsNoTracking().SingleAsync()));
            await gate.Entered;
            gate.Release();
            (await Should.ThrowAsync<InvalidOperationException>(() => both)).Message.ShouldContain("A second operation was started");
            return (await command.Db.Orders.AsNoTracking().SingleAsync()).Name;
        }));

        name.ShouldBe(DatabasePair.Current);
        app.Log.Counts.ShouldBe((2, 0));
    }

    private static Task PublishAsync(Handling handling, DomainEvent notification) =>
        handling.Services.GetRequiredService<IPublisher>().Publish(notification, handling.CancellationToken);

    private RoutedApp StartWithHandlers(params Type[] handlers) => StartWithHandlers(gate: null, handlers);

    private RoutedApp StartWithHandlers(Gate? gate, params Type[] handlers) => Start(options =>
    {
        options.ConfigureContext = (context, pair) => context.UseReplica(pair.Replica).AddInterceptors(gate is null ? [] : [new CommandGate(gate)]);
        options.ConfigureServices = services =>
        {
            services.AddSingleton<INotificationPublisher, TaskWhenAllPublisher>();
            foreach (var handler in handlers)
                services.AddTransient(typeof(INotificationHandler<DomainEvent>), handler);
        };
    });

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : NotificationTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : NotificationTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
