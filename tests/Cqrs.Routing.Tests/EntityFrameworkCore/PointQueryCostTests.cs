using Cqrs.Routing.Tests.Diagnostics;
using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Tests.EntityFrameworkCore;

/// <summary>
/// What a query in a new scope allocates that reads one row by its key with a pooled context, beside plain EF Core and an empty behavior. It is less: routing's own
/// objects are fewer than those that EF makes of a context's options for each query, and with routing once.
/// </summary>
public sealed class PointQueryCostTests : IDisposable
{
    // Debug builds make an object of every async method that runs: here one of the empty behavior that routing is compared with.
#if DEBUG
    private const int Debug = -88;
#else
    private const int Debug = 0;
#endif
    // What EF makes of a context's options for each query, and with routing once.
    private const int Saved = 512;

    // Two fields of each execution of a statement, which say whether it tracks.
    private const int Mark = 16;

    private readonly string _directory = Directory.CreateTempSubdirectory("cqrs-routing-cost-").FullName;
    private readonly ServiceProvider _plain;
    private readonly ServiceProvider _routed;

    public PointQueryCostTests()
    {
        var (primary, replica) = ($"Data Source={_directory}/primary.db", $"Data Source={_directory}/replica.db");
        _plain = Build(static services => services.AddTransient(typeof(IPipelineBehavior<,>), typeof(EmptyBehavior<,>)), options => options.UseSqlite(primary));
        _routed = Build(static services => services.AddRoutingBehavior(), options => options.UseSqlite(primary).UseReplica(replica));
        using (var scope = _plain.CreateScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<Context>();
            db.Database.EnsureCreated();
            db.Add(new Row { Id = 1 });
            db.SaveChanges();
        }

        SqliteConnection.ClearAllPools();
        File.Copy($"{_directory}/primary.db", $"{_directory}/replica.db");
    }

    [Fact]
    public void Reading_an_untracked_row_allocates_no_more_than_its_budget() => More(new ReadRow()).ShouldBeInRange(1 - Saved + Debug, 176 + Mark - Saved + Debug);

    [Fact]
    public void Reading_a_tracked_row_allocates_no_more_than_its_budget() => More(new TrackRow()).ShouldBeInRange(1 - Saved + Debug, 352 + Mark - Saved + Debug);

    public void Dispose()
    {
        _plain.Dispose();
        _routed.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    private static ServiceProvider Build(Action<IServiceCollection> addBehavior, Action<DbContextOptionsBuilder> configure)
    {
        var services = new ServiceCollection().AddLogging().AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<PointQueryCostTests>());
        addBehavior(services);
        return services.AddDbContextPool<Context>(configure).BuildServiceProvider();
    }

    private long More(IQuery<Row> query) => Allocations.More(() => SendAsync(_routed, query), () => SendAsync(_plain, query));

    private static async Task SendAsync(ServiceProvider services, IQuery<Row> query)
    {
        using var scope = services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<ISender>().Send(query);
    }

    private sealed class Context(DbContextOptions<Context> options) : DbContext(options)
    {
        public DbSet<Row> Rows => Set<Row>();
    }

    private sealed class Row
    {
        public int Id { get; set; }
    }

    private sealed record ReadRow : IQuery<Row>;

    private sealed record TrackRow : IQuery<Row>;

    private sealed class Handler(Context db) : IQueryHandler<ReadRow, Row>, IQueryHandler<TrackRow, Row>
    {
        public Task<Row> Handle(ReadRow query, CancellationToken cancellationToken) => db.Rows.AsNoTracking().SingleAsync(row => row.Id == 1, cancellationToken);

        public Task<Row> Handle(TrackRow query, CancellationToken cancellationToken) => db.Rows.SingleAsync(row => row.Id == 1, cancellationToken);
    }
}
