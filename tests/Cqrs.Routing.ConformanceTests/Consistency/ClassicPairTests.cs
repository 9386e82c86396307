using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A command context without a replica and a query context with one: the session remembers commands of either.</summary>
public sealed class ClassicPairTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Theory]
    [InlineData("no UseReplica")]
    [InlineData("UseReplica(null)")]
    [InlineData("a connection of its own at run time")]
    public async Task A_query_sees_what_a_command_wrote_through_another_context(string how)
    {
        await using var app = StartPair(how);

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(RenameWith(how));
            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });

        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.NotCaughtUp);
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Theory]
    [InlineData("no UseReplica")]
    [InlineData("UseReplica(null)")]
    public async Task A_request_on_another_instance_sees_what_a_command_wrote_through_another_context(string how)
    {
        await using var app = StartPair(how);
        await using var other = StartPair(how);

        var (_, token) = await RequestAsync(app, null, sender => sender.Send(RenameWith(how)));

        (await ReadAsync(other, token)).ShouldBe("written");
    }

    [Fact]
    public async Task A_transaction_around_the_command_is_committed_before_the_primary_is_asked_again()
    {
        await using var app = StartPair("UseReplica(null)");

        await app.InScopeAsync(async scope =>
        {
            await using (var transaction = await scope.Db.Database.BeginTransactionAsync())
            {
                await scope.Sender.Send(Rename("written"));
                await using var beside = scope.Services.CreateAsyncScope();
                beside.ServiceProvider.GetRequiredService<RoutingSession>().TryResume(await TokenOf(scope));
                await transaction.CommitAsync();
            }

            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    private RoutedApp StartPair(string how) => StartWithPositions(configure: options => options.AddContexts = (services, log) => services
        .AddDbContext<ShopContext>(builder => UseReplica(Pair.Use(builder, Pair.Primary), Pair.Replica).AddInterceptors(log))
        .AddDbContext<WriteContext>(builder =>
        {
            Pair.Use(builder, Pair.Primary).AddInterceptors(log);
            if (how == "UseReplica(null)")
                builder.UseReplica(null);
            if (how == "a connection of its own at run time")
                UseReplica(builder, Pair.Replica);
        }));

    private DbContextOptionsBuilder UseReplica(DbContextOptionsBuilder builder, string replica) => builder.UseReplica(replica, choices =>
    {
        choices.PositionSource = Positions;
        choices.MonitorInterval = TimeSpan.Zero;
    });

    private Write RenameWith(string how) => new(async handling =>
    {
        var db = handling.Services.GetRequiredService<WriteContext>();
        if (how == "a connection of its own at run time")
            db.Database.SetConnectionString(Pair.Primary);
        await RenameAsync(db, "written");
    });

    private sealed class WriteContext(DbContextOptions<WriteContext> options) : ShopContext(options);
}
