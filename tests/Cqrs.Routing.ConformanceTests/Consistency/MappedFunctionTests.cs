using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A function of the application that LINQ calls and that writes in the database.</summary>
public sealed class MappedFunctionTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task A_command_that_calls_a_mapped_function_counts_for_its_session()
    {
        await using var app = await StartWithFunctionAsync();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Write(async handling =>
                await handling.Services.GetRequiredService<FunctionContext>().Orders.Select(order => FunctionContext.RenameAll()).ToListAsync()));

            (await TokenOf(scope)).ShouldNotBeNull();
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    private async Task<RoutedApp> StartWithFunctionAsync()
    {
        await using (var db = Pair.Direct(Server.Primary))
            await db.Database.ExecuteSqlRawAsync(WaysToWrite.Function);
        return StartWithPositions(configure: options => options.AddContexts = (services, log) => services
            .AddDbContext<ShopContext>(builder => Configure(builder, log))
            .AddDbContext<FunctionContext>(builder => Configure(builder, log)));

        void Configure(DbContextOptionsBuilder builder, ServerLog log) => Pair.Use(builder, Pair.Primary)
            .UseReplica(Pair.Replica, replica => replica.PositionSource = Positions)
            .AddInterceptors(log);
    }

    private sealed class FunctionContext(DbContextOptions<FunctionContext> options) : ShopContext(options)
    {
        public static int RenameAll() => throw new NotSupportedException("Only in a query.");

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            base.OnModelCreating(modelBuilder);
            modelBuilder.HasDbFunction(typeof(FunctionContext).GetMethod(nameof(RenameAll))!).HasName("rename_all");
        }
    }
}
