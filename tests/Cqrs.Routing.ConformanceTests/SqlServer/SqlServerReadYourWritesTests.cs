using Cqrs.Routing.TestServers.Tds;

// Experimental for applications, until a real server has confirmed the sources. These tests are what the library knows of them.
#pragma warning disable CQRSR001

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: a session reads its own writes by positions that SqlClient reads.</summary>
public sealed class SqlServerReadYourWritesTests : AvailabilityGroupTest
{
    [Fact]
    [Trait("Case", "C227")]
    public async Task A_session_that_wrote_nothing_asks_for_no_position()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(ReadName);
            await scope.Sender.Send(ReadName);
        });
        await app.SendAsync(Rename);
        await app.SendAsync(ReadName);

        Asked.ShouldBe((0, 0));
        Work.ShouldBe((1, 3));
    }

    [Theory]
    [MemberData(nameof(Registrations))]
    public async Task A_session_that_wrote_reads_from_the_primary_while_the_replica_is_behind(ContextLifetime lifetime, bool retry)
    {
        OnReplica.LastCommit--;
        await using var app = Start(configure: options => (options.Lifetime, options.Retry) = (lifetime, retry));

        await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current));

        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.NotCaughtUp));
        Asked.ShouldBe((1, 1));
        Work.ShouldBe((2, 0));
        (await app.SendAsync(ReadName)).ShouldBe(DatabasePair.Replicated, "another session wrote nothing");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_wrote_reads_from_the_replica_once_it_has_the_last_commit(bool async)
    {
        OnReplica.LastCommit--;
        await using var app = Start();
        var read = new Read(async handling => async ? await NameAsync(handling.Db) : handling.Db.Orders.AsNoTracking().Single().Name);

        await AfterWriteAsync(app, async scope =>
        {
            (await scope.Sender.Send(read)).ShouldBe(DatabasePair.Current);
            OnReplica.LastCommit++;
            (await scope.Sender.Send(read)).ShouldBe(DatabasePair.Replicated);
            // What it had once, it has.
            (await scope.Sender.Send(read)).ShouldBe(DatabasePair.Replicated);
        });

        Work.ShouldBe((2, 2));
        OnReplica.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task The_position_is_read_on_the_connection_of_the_query_and_outside_its_transaction()
    {
        await using var app = Start();

        await AfterWriteAsync(app, scope => scope.Sender.Send(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Replicated);
            await transaction.CommitAsync();
        })));

        Asked.ShouldBe((1, 1));
        Replica.Requests.Select(request => request.InTransaction).ShouldBe([false, false, true, true]);
        Replica.Requests.Select(request => request.Connection).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Positions_as_long_as_the_column_may_hold_are_told_apart_by_their_last_digit()
    {
        OnPrimary.LastCommit = UInt128.Parse("9999999999999999999999999", System.Globalization.CultureInfo.InvariantCulture);
        OnReplica.LastCommit = OnPrimary.LastCommit - 1;
        await using var app = Start();

        await AfterWriteAsync(app, async scope =>
        {
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            OnReplica.LastCommit++;
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated);
        });
    }

    [Fact]
    public async Task A_query_waits_for_a_replica_that_is_about_to_have_the_last_commit()
    {
        OnReplica.LastCommit--;
        await using var app = Start(replica => replica.MaxCatchUpWait = TimeSpan.FromSeconds(30));

        await AfterWriteAsync(app, async scope =>
        {
            var reading = scope.Sender.Send(ReadName);
            while (OnReplica.Asked < 2 && !reading.IsCompleted)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            OnReplica.LastCommit++;
            (await reading).ShouldBe(DatabasePair.Replicated);
        });

        Work.ShouldBe((1, 1));
        OnReplica.Asked.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Azure_SQL_is_asked_for_its_position_by_its_own_view()
    {
        await using var app = Start(replica => replica.PositionSource = PositionSources.AzureSql);

        await AfterWriteAsync(app, async scope => (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Replicated));

        Asked.ShouldBe((1, 1));
        Replica.Statements[0].ShouldContain(" FROM sys.dm_database_replica_states WHERE is_local = 1 AND database_id = DB_ID()");
    }

    [Fact]
    public async Task Behind_a_load_balancer_the_position_is_read_last_in_a_transaction()
    {
        await using var app = Start(replica => replica.IsLoadBalanced = true);

        await app.SendAsync(new Read(async handling =>
        {
            await using var transaction = await handling.Db.Database.BeginTransactionAsync();
            await NameAsync(handling.Db);
            (await NameAsync(handling.Db)).ShouldBe(DatabasePair.Replicated);
            await transaction.CommitAsync();
        }));

        Asked.Primary.ShouldBe(0);
        Work.ShouldBe((0, 2));
        Replica.Requests[^1].Kind.ShouldBe(TdsRequestKind.Commit);
        Replica.Requests[^2].Text.ShouldBe(PositionSources.SqlServer.ReplicaCommandText);
    }
}
