namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>Behind a load balancer, each query reads the position before it returns its connection, also in its own transaction.</summary>
public sealed class LoadBalancedTransactionTests(PairFixture<PostgresPairDatabase> fixture)
    : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private static Read ReadTwiceInTransaction(bool async) => new(async handling =>
    {
        await using var transaction = await handling.Db.Database.BeginTransactionAsync();
        var count = async ? await handling.Db.Orders.CountAsync() : handling.Db.Orders.Count();
        count.ShouldBe(1);
        var name = async ? (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name : handling.Db.Orders.AsNoTracking().Single().Name;
        await transaction.CommitAsync();
        return name;
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_position_that_cannot_be_read_leaves_the_transaction_as_it_was(bool async)
    {
        await using var app = StartWithPositions(replica => replica.IsLoadBalanced = true);
        Positions.OnReplica = "SELECT no_such_function()";

        (await app.SendAsync(ReadTwiceInTransaction(async))).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_position_that_can_be_read_is_remembered()
    {
        await using var app = StartWithPositions(replica => replica.IsLoadBalanced = true);

        await app.InScopeAsync(async scope =>
        {
            (await scope.Sender.Send(ReadTwiceInTransaction(async: true))).ShouldBe(DatabasePair.Replicated);
            SessionOf(scope).Positions.Count.ShouldBe(1);
        });

        RouteOf<Read>(app).Route.ShouldBe(DatabaseRole.Replica);
    }
}
