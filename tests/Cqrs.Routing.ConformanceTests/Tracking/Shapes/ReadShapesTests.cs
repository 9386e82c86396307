using Cqrs.Routing.ConformanceTests.Tracking.Model;

namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>The primary serves reads that track, and the lagging replica serves all others.</summary>
public abstract class ReadShapesTests(DatabasePair pair) : TrackingTest(pair)
{
    private static readonly IReadOnlyList<ReadShape> Shapes =
    [
        .. EntityShapes.All, .. ProjectionShapes.All, .. OperatorShapes.All, .. MappingShapes.All, .. RawSqlShapes.All, .. LoadingShapes.All,
    ];

    public static TheoryData<string> Tracked { get; } = [.. Shapes.Where(shape => shape.Tracks).Select(shape => shape.Name)];

    public static TheoryData<string> Untracked { get; } = [.. Shapes.Where(shape => !shape.Tracks).Select(shape => shape.Name)];

    [Theory]
    [MemberData(nameof(Tracked))]
    public async Task What_tracks_is_served_by_the_primary(string shape) => await ServedAsync(shape, DatabasePair.Current);

    [Theory]
    [MemberData(nameof(Untracked))]
    public async Task What_does_not_track_is_served_by_the_replica(string shape) => await ServedAsync(shape, DatabasePair.Replicated);

    private async Task ServedAsync(string name, string answer)
    {
        var shape = Shapes.Single(shape => shape.Name == name);
        await SeedAsync();
        // One that has not learned yet that Read tracks.
        await using var app = StartRouted(shape.Configure);

        await app.InScopeAsync(async scope =>
        {
            var db = (TrackingContext)scope.Db;
            Assert.SkipWhen(shape.SkipReason(db) is not null, shape.SkipReason(db) ?? "");
            (await new Caller(scope, Pair, lags: true).QueryAsync(shape.Read)).ShouldBe(answer);
        });

        app.Log.Counts.ShouldBe(shape.Tracks ? (shape.Commands, 0) : (0, shape.Commands));
        app.Routes.GetRecords<Read>().Last(record => record.Context is not null).Reason.ToString().ShouldBe(shape.Tracks ? "Tracking" : nameof(RouteReason.Query));
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ReadShapesTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : ReadShapesTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ReadShapesTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
