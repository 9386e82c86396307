using Cqrs.Routing.DocsTests.Prelude;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Testing;
using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.DocsTests;

/// <summary>The configuration table of <c>docs/precedence.md</c>: one test per row.</summary>
public sealed class ConfigurationPrecedenceTests : IDisposable
{
    // A file of this test alone: whether it answers is shared by all who ask for it.
    private readonly string _missing = $"Data Source=missing-{Guid.NewGuid():N}.db;Mode=ReadOnly";

    private static readonly IReadOnlyList<string[]> Rows = Table.Under("docs/precedence.md", "Configuration");

    private readonly LagSimulator _lag = new();

    [Fact]
    public void Every_row_has_a_test() => Rows.Select(static row => row[0]).ShouldBe(["1", "2", "3", "4", "5", "6", "7"]);

    [Fact]
    public async Task The_last_call_wins_with_its_options()
    {
        Rows[0][2].ShouldBe("the last call, with its ReplicaOptions");

        (await ReasonAsync(options => options.UseSqlite(_lag.Primary).UseReplica(_missing, static replica => replica.FallbackToPrimary = false).UseReplica(_lag.Replica))).ShouldBe(RouteReason.Query);
        (await ReasonAsync(options => options.UseSqlite(_lag.Primary).UseReplica(_lag.Replica).UseReplicaMirror().UseReplica((string?)null))).ShouldBe(RouteReason.NoReplica);
        await Should.ThrowAsync<ReplicaUnavailableException>(() =>
            ReasonAsync(options => options.UseSqlite(_lag.Primary).UseReplica(_lag.Replica).UseReplica(_missing, static replica => replica.FallbackToPrimary = false)));
    }

    [Fact]
    public async Task The_order_of_replica_and_provider_does_not_matter_unless_the_primary_is_replaced()
    {
        Rows[1][2].ShouldBe("does not matter, but a primary that is replaced after UseReplica makes the replica inactive");

        (await ReasonAsync(options => options.UseReplica(_lag.Replica).UseSqlite(_lag.Primary))).ShouldBe(RouteReason.Query);
        (await ReasonAsync(options => options.UseSqlite("Data Source=:memory:").UseReplica(_lag.Replica).UseSqlite(_lag.Primary))).ShouldBe(RouteReason.ReplicaMismatch);
    }

    [Fact]
    public async Task A_replica_named_at_run_time_beats_the_options_until_the_lease_ends()
    {
        Rows[2][2].ShouldBe("beats the options until the context is disposed or goes back to its pool");
        await using var provider = Build(options => options.UseSqlite(_lag.Primary).UseReplica(_missing));

        (await ReasonAsync(provider, db => db.Database.SetReplicaConnectionString(_lag.Replica))).ShouldBe(RouteReason.Query);
        (await ReasonAsync(provider)).ShouldBe(RouteReason.ReplicaUnavailable);
    }

    [Fact]
    public async Task The_applications_own_classification_beats_the_table_unless_it_has_none()
    {
        Rows[3][2].ShouldBe("beats the library's table of errors, where it does not return null");

        (await ReasonAsync(options => options.UseSqlite(_lag.Primary).UseReplica(_missing, static replica => replica.ClassifyError = static _ => null))).ShouldBe(RouteReason.ReplicaUnavailable);
        await Should.ThrowAsync<SqliteException>(() =>
            ReasonAsync(options => options.UseSqlite(_lag.Primary).UseReplica(_missing, static replica => replica.ClassifyError = static _ => ReplicaErrorKind.Other)));
    }

    [Fact]
    public async Task A_position_source_beats_the_providers()
    {
        Rows[4][2].ShouldBe("beats the provider's default");

        (await ReasonAsync(options => options.UseSqlite(_lag.Primary).UseReplica(_lag.Replica), afterWrite: true)).ShouldBe(RouteReason.RecentWrite);
        // The simulator's own.
        (await ReasonAsync(options => options.UseLagSimulator(_lag), afterWrite: true)).ShouldBe(RouteReason.Query);
    }

    [Fact]
    public void Several_configurations_add_up()
    {
        Rows[5][2].ShouldBe("add up");
        using var provider = new ServiceCollection()
            .AddRoutingBehavior(static routing => routing.TreatAsQuery(static type => type == typeof(Reading)))
            .AddRoutingBehavior(static routing => routing.TreatAsCommand(static type => type == typeof(Writing)))
            .BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<RoutingOptions>>().Value;

        (RequestClassifier.Classify(typeof(Reading), options), RequestClassifier.Classify(typeof(Writing), options)).ShouldBe((RequestKind.Query, RequestKind.Command));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_routing_behavior_is_outermost_whether_it_is_registered_first_or_last(bool first)
    {
        Rows[6][2].ShouldBe("does not matter: it becomes the outermost behavior");
        var services = new ServiceCollection().AddLogging().AddDbContext<AppDbContext>(options => options.UseLagSimulator(_lag)).AddSingleton<Seen>();
        if (first)
            services.AddRoutingBehavior();
        services.AddMediatR(static mediatr => mediatr.RegisterServicesFromAssemblyContaining<ListCustomers>().AddOpenBehavior(typeof(Look<,>)));
        if (!first)
            services.AddRoutingBehavior();
        await using var provider = services.AddRouteRecorder().BuildServiceProvider(validateScopes: true);

        await ReasonAsync(provider);

        provider.GetRequiredService<Seen>().Reason.ShouldBe(RouteReason.Query);
    }

    public void Dispose() => _lag.Dispose();

    private async Task<RouteReason> ReasonAsync(Action<DbContextOptionsBuilder> configure, bool afterWrite = false)
    {
        await using var provider = Build(configure);
        return await ReasonAsync(provider, afterWrite: afterWrite);
    }

    private async Task<RouteReason> ReasonAsync(ServiceProvider provider, Action<AppDbContext>? prepare = null, bool afterWrite = false)
    {
        await using var scope = provider.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        await db.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        _lag.CatchUp();
        prepare?.Invoke(db);
        if (afterWrite)
            await sender.Send(new AddCustomer(), TestContext.Current.CancellationToken);
        await sender.Send(new ListCustomers(), TestContext.Current.CancellationToken);
        return provider.GetRequiredService<RouteRecorder>().GetRecords<ListCustomers>().Last(static record => record.Context is not null).Reason;
    }

    private static ServiceProvider Build(Action<DbContextOptionsBuilder> configure)
    {
        var services = new ServiceCollection().AddLogging().AddDbContextPool<AppDbContext>(configure);
        services.AddMediatR(static mediatr => mediatr.RegisterServicesFromAssemblyContaining<ListCustomers>());
        return services.AddRoutingBehavior().AddRouteRecorder().BuildServiceProvider(validateScopes: true);
    }

    private sealed record Reading;

    private sealed record Writing;

    private sealed class Seen
    {
        public RouteReason Reason { get; set; }
    }

    private sealed class Look<TRequest, TResponse>(Seen seen) : IPipelineBehavior<TRequest, TResponse>
        where TRequest : notnull
    {
        public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
        {
            seen.Reason = RouteScope.Current.Reason;
            return next();
        }
    }
}
