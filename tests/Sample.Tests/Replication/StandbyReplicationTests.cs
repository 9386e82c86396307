using Cqrs.Routing.TestServers;
using Npgsql;
using Sample.Infrastructure.PostgreSql;

namespace Sample.Tests.Replication;

public sealed class StandbyReplicationTests
{
    [Fact]
    public async Task The_standby_catches_up_with_what_is_inserted_even_where_nothing_flushes_it()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        var pair = await PostgresPair.SharedAsync();
        await using var replication = new StandbyReplication(pair.PrimaryConnectionString, pair.ReplicaConnectionString, TimeProvider.System);
        await using var primary = NpgsqlDataSource.Create(pair.PrimaryConnectionString);
        await using var replica = NpgsqlDataSource.Create(pair.ReplicaConnectionString);
        await using var writer = await primary.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await writer.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var write = new NpgsqlCommand("SELECT pg_logical_emit_message(true, 'test', repeat('x', 100)); SELECT pg_current_wal_insert_lsn()::text", writer, transaction);
        await using var reader = await write.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.NextResultAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        var inserted = reader.GetString(0);

        await replication.CatchUpAsync(TestContext.Current.CancellationToken);

        await using var reached = replica.CreateCommand($"SELECT pg_last_wal_replay_lsn() >= '{inserted}'");
        (await reached.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(true);
    }
}
