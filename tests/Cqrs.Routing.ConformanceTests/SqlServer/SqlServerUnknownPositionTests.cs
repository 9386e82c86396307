using Cqrs.Routing.TestServers.Tds;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: every reason for which a server does not report its position.</summary>
public sealed class SqlServerUnknownPositionTests : AvailabilityGroupTest
{
    public static TheoryData<string> Problems => ["229", "297", "300", "208", "no row", "no database", "no number", "another type", "silence"];

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task A_replica_that_does_not_tell_its_position_serves_no_session_that_wrote_and_is_logged_once(string problem)
    {
        Have(OnReplica, problem);
        await using var app = StartLogged();

        for (var session = 0; session < 2; session++)
            await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current));

        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.PositionUnknown));
        Asked.ShouldBe((2, 2));
        Work.ShouldBe((4, 0));
        Lines.All.Where(line => line.Contains("The position of the replica cannot be read", StringComparison.Ordinal)).ShouldHaveSingleItem();
        // Nothing is wrong with it otherwise, nor with the connection that was asked.
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task A_primary_that_does_not_tell_its_position_keeps_the_session_and_is_logged_once(string problem)
    {
        Have(OnPrimary, problem);
        await using var app = StartLogged();

        for (var session = 0; session < 2; session++)
            await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current));

        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.RecentWrite));
        OnReplica.Asked.ShouldBe(0);
        Lines.All.Where(line => line.Contains("The position of the primary cannot be read", StringComparison.Ordinal)).ShouldHaveSingleItem();
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_position_error_is_logged_once_whatever_follows_in_its_text()
    {
        await using var app = StartLogged();

        foreach (var detail in new[] { "after 12 ms", "after 13 ms" })
        {
            OnReplica.Position = TdsReply.Error(8645, 17, message: $"A timeout occurred while waiting for memory resources {detail}.");
            await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current));
        }

        OnReplica.Position = TdsReply.Error(300, 14);
        await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current));

        var lines = Lines.All.Where(line => line.Contains("The position of the replica cannot be read", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(2, "another error is another problem");
        lines[0].ShouldContain("after 12 ms");
    }

    [Fact]
    public async Task A_replica_of_another_database_is_not_read_however_far_it_is()
    {
        (OnReplica.Database, OnReplica.LastCommit) = ("7C9E6679-7425-40DE-944B-E07FC1F90AE7", OnReplica.LastCommit + 1000);
        await using var app = StartLogged();

        await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current));

        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.PositionUnknown));
        Lines.All.Where(line => line.Contains("is not a copy of it", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_replica_that_is_lost_while_it_is_asked_is_lost_and_not_unreadable()
    {
        await using var app = StartLogged();
        await app.SendAsync(ReadName);
        OnReplica.Position = TdsReply.Close;

        await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current));

        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
    }

    [Fact]
    public async Task A_position_that_cannot_be_read_in_a_transaction_leaves_it_as_it_was()
    {
        OnReplica.Position = TdsReply.Error(300, 14);
        await using var app = Start(replica => replica.IsLoadBalanced = true);

        await app.SendAsync(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Replicated);
            await transaction.CommitAsync();
        }));

        Replica.Requests.Select(request => request.Kind).ShouldContain(TdsRequestKind.Commit);
    }

    private static void Have(AvailabilityReplica server, string problem)
    {
        switch (problem)
        {
            case "no database":
                server.Database = null;
                break;
            case "no number":
                server.LastCommit = null;
                break;
            default:
                server.Position = problem switch
                {
                    "no row" => TdsReply.Rows([new("", TdsType.NVarChar), new("", TdsType.Lsn)], []),
                    "another type" => TdsReply.Row(("", AvailabilityReplica.Shop), ("", 1L)),
                    "silence" => TdsReply.Stall,
                    _ => TdsReply.Error(int.Parse(problem, System.Globalization.CultureInfo.InvariantCulture), 14),
                };
                break;
        }
    }
}
