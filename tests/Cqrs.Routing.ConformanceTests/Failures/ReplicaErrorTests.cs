using Cqrs.Routing.ConformanceTests.Configuration;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>An error that came from the replica says so, with the server and the driver's own words.</summary>
public sealed class ReplicaErrorTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task A_table_that_the_replica_lacks_is_the_drivers_error_and_one_warning_that_names_the_replica()
    {
        var log = new LogLines();
        await using var app = StartOn(Standby, configure: options => options.ConfigureServices = log.AddTo);
        var read = new Read(async handling => await handling.Db.Database.SqlQueryRaw<int>("SELECT \"Id\" AS \"Value\" FROM \"Nowhere\"").ToListAsync());

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Should.ThrowAsync<PostgresException>(() => app.SendAsync(read));
            error.SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
            error.Data["Cqrs.Routing.Server"].ShouldBeOfType<string>().ShouldStartWith("replica of ShopContext at tcp://");
        }

        // As in plain EF, where the primary's error is the caller's too, but without the replica's name.
        var plain = await Should.ThrowAsync<PostgresException>(() => app.SendAsync(new Write(handling => handling.Db.Database.ExecuteSqlRawAsync("DELETE FROM \"Nowhere\""))));
        plain.Data.Contains("Cqrs.Routing.Server").ShouldBeFalse();
        log.All.ShouldHaveSingleItem().ShouldStartWith("A statement of Read failed on the replica of ShopContext at tcp://");
        log.All[0].ShouldContain("(PostgresException 42P01: 42P01: relation \"Nowhere\" does not exist");
    }

    [Fact]
    public async Task A_replica_that_refuses_connections_is_named_with_its_server_and_the_drivers_words()
    {
        var log = new LogLines();
        var replica = Refusing;
        await using var app = StartOn(replica, configure: options => options.ConfigureServices = log.AddTo);

        for (var query = 0; query < 5; query++)
            await app.SendAsync(ReadName);

        var server = new NpgsqlConnectionStringBuilder(replica);
        log.All.ShouldContain(line => line.StartsWith($"Read continues on the primary: the replica of ShopContext at tcp://{server.Host}:{server.Port} could not serve it (Connection; NpgsqlException", StringComparison.Ordinal)
            && line.Contains("Failed to connect to", StringComparison.Ordinal));
        log.All.ShouldContain(line => line.StartsWith($"The replica of ShopContext at tcp://{server.Host}:{server.Port} is not available (NpgsqlException", StringComparison.Ordinal));
    }
}
