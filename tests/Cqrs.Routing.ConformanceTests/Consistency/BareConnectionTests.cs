using Dapper;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>The route of the connection that <c>GetDbConnection()</c> returns, for example to Dapper.</summary>
public sealed class BareConnectionTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private const string Select = "SELECT \"Name\" FROM \"Orders\"";

    private static Read Dapper => new(async handling => await handling.Db.Database.GetDbConnection().QuerySingleAsync<string>(Select));

    private static Read DapperOnOpenConnection => new(async handling =>
    {
        await handling.Db.Database.OpenConnectionAsync();
        return await handling.Db.Database.GetDbConnection().QuerySingleAsync<string>(Select);
    });

    [Fact]
    public async Task A_session_that_wrote_nothing_reads_from_the_replica()
    {
        await using var app = StartWithPositions();

        (await app.SendAsync(Dapper)).ShouldBe(DatabasePair.Replicated);

        Positions.Reads.ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_session_that_wrote_reads_from_the_primary_without_asking()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");

        (await RequestAsync(app, token, sender => sender.Send(Dapper))).Result.ShouldBe("written");

        RouteOf<Read>(app).ShouldBe(new(typeof(Read), typeof(ShopContext), DatabaseRole.Primary, RouteReason.PositionUnknown));
        Positions.Reads.Replica.ShouldBe(0);
    }

    [Fact]
    public async Task A_connection_that_EF_opened_was_asked()
    {
        await using var app = StartWithPositions();
        var token = await WriteAsync(app, "written");

        (await RequestAsync(app, token, sender => sender.Send(DapperOnOpenConnection))).Result.ShouldBe("written");
        RouteOf<Read>(app).Reason.ShouldBe(RouteReason.NotCaughtUp);

        await Pair.ReplicateAsync();
        (await RequestAsync(app, token, sender => sender.Send(DapperOnOpenConnection))).Result.ShouldBe("written");
        RouteOf<Read>(app).Route.ShouldBe(DatabaseRole.Replica);
    }
}
