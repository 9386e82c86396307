using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: commands that bypass EF on its connection. No interceptor sees them, so the replica refuses them.</summary>
public abstract class RawAdoTests(DatabasePair pair) : WriteTest(pair)
{
    private const string Insert = """INSERT INTO "Tags" ("Id", "Label") VALUES (7, 'new')""";

    [Fact]
    [Trait("Case", "C067")]
    public async Task A_write_past_EF_on_a_querys_connection_is_refused_by_the_replica()
    {
        await using var app = Start();

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            await using var command = handling.Db.Database.GetDbConnection().CreateCommand();
            command.CommandText = Insert;
            ShouldSayReadOnly(await Should.ThrowAsync<DbException>(() => command.ExecuteNonQueryAsync()));
            await handling.Db.Database.CloseConnectionAsync();

            (await handling.Db.Orders.AsNoTracking().SingleAsync()).Name.ShouldBe(DatabasePair.Replicated);
        }));

        await NothingWrittenAsync();
    }

    [Fact]
    [Trait("Case", "C067")]
    [Trait("Case", "C078")]
    public async Task Dapper_on_a_querys_connection_reads_the_replica_and_cannot_write_on_any_lease_of_it()
    {
        await using var app = Start(options => options.Lifetime = ContextLifetime.Pooled);

        for (var lease = 0; lease < 3; lease++)
        {
            await app.SendAsync(new Read(async handling =>
            {
                var connection = handling.Db.Database.GetDbConnection();
                (await connection.QuerySingleAsync<string>("""SELECT "Name" FROM "Orders" """)).ShouldBe(DatabasePair.Replicated);
                ShouldSayReadOnly(await Should.ThrowAsync<DbException>(() => connection.ExecuteAsync(Insert)));
            }));
        }

        await NothingWrittenAsync();
    }

    [Fact]
    [Trait("Case", "C067")]
    public async Task Dapper_on_a_commands_connection_writes_on_the_primary()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling =>
                (await handling.Db.Database.GetDbConnection().QuerySingleAsync<string>("""SELECT "Name" FROM "Orders" """)).ShouldBe(DatabasePair.Replicated)));
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Database.GetDbConnection().ExecuteAsync(Insert)));
        });

        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Tags.CountAsync()).ShouldBe(2);
    }

    protected abstract void ShouldSayReadOnly(DbException error);

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : RawAdoTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
    {
        [Theory]
        [Trait("Case", "C080")]
        [Trait("Case", "C082")]
        [InlineData("")]
        [InlineData(";Mode=ReadWriteCreate")]
        [InlineData(";Mode=ReadWrite")]
        public async Task The_replica_file_is_opened_read_only_whatever_its_connection_string_asks_for(string mode)
        {
            await using var app = Start(options => options.ConfigureContext = (builder, pair) => builder.UseReplica(pair.Replica + mode));

            await app.SendAsync(new Read(async handling =>
                ShouldSayReadOnly(await Should.ThrowAsync<DbException>(() => handling.Db.Database.GetDbConnection().ExecuteAsync(Insert)))));

            await NothingWrittenAsync();
        }

        [Fact]
        [Trait("Case", "C080")]
        public async Task A_missing_replica_file_is_not_created_by_a_query()
        {
            var missing = Path.Combine(Path.GetTempPath(), $"missing-{Guid.NewGuid():N}.db");
            await using var app = Start(options => options.ConfigureContext = (builder, pair) => builder.UseReplica($"Data Source={missing}"));

            (await app.SendAsync(new Read(async handling => await handling.Db.Orders.Select(order => order.Name).SingleAsync()))).ShouldBe(DatabasePair.Current);

            File.Exists(missing).ShouldBeFalse();
        }

        protected override void ShouldSayReadOnly(DbException error) => error.ShouldBeOfType<SqliteException>().SqliteErrorCode.ShouldBe(8);
    }

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : RawAdoTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Fact]
        [Trait("Case", "C111")]
        public async Task A_binary_import_past_EF_is_refused_by_the_standby()
        {
            await using var app = Start();

            await app.SendAsync(new Read(async handling =>
            {
                await handling.Db.Database.OpenConnectionAsync();
                var connection = (NpgsqlConnection)handling.Db.Database.GetDbConnection();
                ShouldSayReadOnly(await Should.ThrowAsync<DbException>(() =>
                    connection.BeginBinaryImportAsync("""COPY "Tags" ("Id", "Label") FROM STDIN (FORMAT BINARY)""")));
            }));

            await NothingWrittenAsync();
        }

        protected override void ShouldSayReadOnly(DbException error) => error.SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }
}
