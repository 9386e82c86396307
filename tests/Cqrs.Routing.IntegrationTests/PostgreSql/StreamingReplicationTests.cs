using Dapper;
using Npgsql;

namespace Cqrs.Routing.IntegrationTests.PostgreSql;

/// <summary>The assumptions of the other tests about the standby: it lags when told to and refuses writes.</summary>
public sealed class StreamingReplicationTests : PostgresDatabaseTest
{
    [Fact]
    public async Task The_standby_shows_a_write_only_after_replay_resumes()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var primary = new NpgsqlConnection(Database.Primary);
        await using var replica = new NpgsqlConnection(Database.Replica);
        await primary.ExecuteAsync("CREATE TABLE notes (text text NOT NULL)");
        await Servers.CatchUpAsync(cancellationToken);

        await Servers.PauseReplayAsync(cancellationToken);
        await primary.ExecuteAsync("INSERT INTO notes VALUES ('late')");
        (await replica.QueryAsync<string>("SELECT text FROM notes")).ShouldBeEmpty();

        await Servers.ResumeReplayAsync(cancellationToken);
        await Servers.CatchUpAsync(cancellationToken);
        (await replica.QueryAsync<string>("SELECT text FROM notes")).ShouldBe(["late"]);
    }

    [Fact]
    public async Task The_standby_catches_up_while_a_transaction_on_the_primary_is_open()
    {
        await using var primary = new NpgsqlConnection(Database.Primary);
        await primary.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await primary.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await primary.ExecuteAsync("CREATE TABLE uncommitted (id int)", transaction: transaction);

        await Should.NotThrowAsync(Servers.CatchUpAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Catching_up_with_replay_paused_is_refused_at_once()
    {
        await Servers.PauseReplayAsync(TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<InvalidOperationException>(Servers.CatchUpAsync(TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("ResumeReplayAsync");
    }

    [Fact]
    public async Task The_standby_refuses_an_insert()
    {
        await using var primary = new NpgsqlConnection(Database.Primary);
        await using var replica = new NpgsqlConnection(Database.Replica);
        await primary.ExecuteAsync("CREATE TABLE notes (text text NOT NULL)");
        await Servers.CatchUpAsync(TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<PostgresException>(replica.ExecuteAsync("INSERT INTO notes VALUES ('never')"));

        refused.SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }
}
