using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>Fallback at the stage <c>Statement</c>: one statement failed before its first row and runs again on the primary.</summary>
public sealed class StatementStageTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_statement_whose_pooled_socket_was_dead_runs_again_and_its_handler_does_not(bool retry)
    {
        var handled = 0;
        await using var app = StartOn(Standby, configure: options => options.Retry = retry);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        app.Log.Clear();
        await BreakSocketsAsync();

        var name = await app.SendAsync(new Read(async handling =>
        {
            handled++;
            return await NameAsync(handling.Db);
        }));

        name.ShouldBe(DatabasePair.Current);
        handled.ShouldBe(1);
        app.Log.Counts.ShouldBe((1, 1));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current, "the standby may have restarted, and lacks what the primary had then");
        await Pair.ReplicateAsync();
        await app.SendAsync(ReadName);
        app.Log.Counts.ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_synchronous_statement_whose_pooled_socket_was_dead_runs_again_and_its_handler_does_not()
    {
        await using var app = StartOn(Standby);
        await app.SendAsync(ReadName);
        await BreakSocketsAsync();

        var handled = 0;
        (await app.SendAsync(new Read(handling =>
        {
            handled++;
            return Task.FromResult<object?>(handling.Db.Orders.AsNoTracking().Single().Name);
        }))).ShouldBe(DatabasePair.Current);
        handled.ShouldBe(1);
    }

    [Fact]
    public async Task Statements_of_streams_and_query_scopes_whose_pooled_socket_was_dead_run_again()
    {
        await using var app = StartOn(Standby);
        await app.SendAsync(ReadName);
        await BreakSocketsAsync();
        await app.InScopeAsync(async handling =>
        {
            await foreach (var name in handling.Sender.CreateStream(new ReadStream(inner => inner.Db.Orders.Select(order => order.Name).AsAsyncEnumerable())))
                name.ShouldBe(DatabasePair.Current);
        });

        await app.SendAsync(ReadName);
        await BreakSocketsAsync();
        await app.InScopeAsync(async handling =>
        {
            using (RouteScope.BeginQuery())
                (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Current);
        });
    }

    [Fact]
    public async Task A_strategy_of_the_applications_own_is_around_every_statement()
    {
        var executed = 0;
        await using var app = Start(options => options.AddContexts = (services, log) => Microsoft.Extensions.DependencyInjection.EntityFrameworkServiceCollectionExtensions
            .AddDbContext<ShopContext>(services, context => context
                .UseNpgsql(Pair.Primary, npgsql => npgsql.ExecutionStrategy(dependencies => new CountingStrategy(dependencies, () => executed++)))
                .UseReplica(Standby, choices => (choices.MonitorInterval, choices.MaxFallbacksPerSecond) = (TimeSpan.Zero, Settings))
                .AddInterceptors(log)));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
        await BreakSocketsAsync();

        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Current);
        (await app.SendAsync(new Read(handling => Task.FromResult<object?>(handling.Db.Orders.AsNoTracking().Single().Name)))).ShouldBe(DatabasePair.Current);

        executed.ShouldBe(3);
    }

    [Fact]
    public async Task A_statement_that_is_wrong_runs_once_and_blames_nobody()
    {
        await using var app = StartOn(Standby, choices => choices.BreakDuration = TimeSpan.FromMinutes(1));

        for (var attempt = 0; attempt < 5; attempt++)
        {
            await Should.ThrowAsync<PostgresException>(() => app.SendAsync(new Read(handling =>
                handling.Db.Database.SqlQueryRaw<int>("SELECT 1 / 0 AS \"Value\"").ToListAsync())));
            await Should.ThrowAsync<PostgresException>(() => app.SendAsync(new Read(handling =>
                handling.Db.Database.SqlQueryRaw<int>("SELECT \"Value\" FROM nowhere").ToListAsync())));
        }

        app.Log.Counts.ShouldBe((0, 10));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_command_whose_socket_dies_runs_once()
    {
        var handled = 0;
        var application = $"command-{Guid.NewGuid():N}";
        var primary = new NpgsqlConnectionStringBuilder(Pair.Primary) { ApplicationName = application }.ConnectionString;
        await using var app = Start(options => options.AddContexts = (services, log) => Microsoft.Extensions.DependencyInjection.EntityFrameworkServiceCollectionExtensions
            .AddDbContext<ShopContext>(services, context => context.UseNpgsql(primary).UseReplica(Standby, choices => choices.MaxFallbacksPerSecond = Settings).AddInterceptors(log)));
        var rename = new Write(async handling =>
        {
            handled++;
            await handling.Db.Notes.ExecuteUpdateAsync(notes => notes.SetProperty(note => note.Text, "changed"));
        });
        await app.SendAsync(rename);
        await BreakSocketsAsync(Pair.Primary, application);

        await Should.ThrowAsync<InvalidOperationException>(() => app.SendAsync(rename));

        handled.ShouldBe(2);
        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_statement_runs_again_after_an_error_that_the_application_classifies_as_transient()
    {
        await using var app = StartOn(Standby, choices => choices.ClassifyError = error => error is PostgresException { SqlState: "22012" } ? ReplicaErrorKind.Transient : null);

        (await app.SendAsync(new Read(async handling =>
            await handling.Db.Orders.Select(order => 10 / (order.Name == DatabasePair.Current ? 1 : 0)).SingleAsync()))).ShouldBe(10);

        app.Log.Counts.ShouldBe((1, 1));
    }
}
