using System.Data.Common;
using Cqrs.Routing.Providers;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C: the error of each driver for a read-only database, alone and inside EF's exception.</summary>
public abstract class ReadOnlyErrorTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C076")]
    [Trait("Case", "C080")]
    public async Task A_refused_save_is_recognised_inside_EFs_own_exception()
    {
        await using var db = ReadOnly();
        db.Add(new Tag { Id = 7, Label = "new" });

        var error = await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());

        DatabaseProvider.IsRefusedWrite(error).ShouldBeTrue();
        DatabaseProvider.IsRefusedWrite(error.InnerException).ShouldBeTrue();
    }

    [Fact]
    [Trait("Case", "C076")]
    public async Task A_save_that_breaks_a_constraint_is_no_refused_write()
    {
        await using var db = Pair.Direct(Server.Primary);
        db.Add(new Customer { Email = "ada@example.org" });

        var error = await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());

        DatabaseProvider.IsRefusedWrite(error).ShouldBeFalse();
    }

    protected abstract ShopContext ReadOnly();

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ReadOnlyErrorTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
    {
        [Fact]
        [Trait("Case", "C076")]
        [Trait("Case", "C080")]
        public async Task A_connection_that_is_switched_to_queries_only_refuses_with_the_same_code()
        {
            // Not from the pool, where the next test would get a connection that still only takes queries.
            await using var db = new ShopContext((DbContextOptions<ShopContext>)Pair.Use(new DbContextOptionsBuilder<ShopContext>(), Pair.Primary + ";Pooling=False").Options);
            await db.Database.OpenConnectionAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA query_only = 1");

            var error = await Should.ThrowAsync<DbException>(() => db.Notes.ExecuteDeleteAsync());

            DatabaseProvider.IsRefusedWrite(error).ShouldBeTrue();
        }

        protected override ShopContext ReadOnly() =>
            new((DbContextOptions<ShopContext>)Pair.Use(new DbContextOptionsBuilder<ShopContext>(), Pair.Replica + ";Mode=ReadOnly").Options);
    }

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ReadOnlyErrorTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        [Theory]
        [Trait("Case", "C076")]
        [InlineData("25006", "WITH x AS (INSERT INTO \"Tags\" (\"Id\", \"Label\") VALUES (7, 'new') RETURNING 1) SELECT * FROM x")]
        [InlineData("0A000", "SET TRANSACTION READ WRITE")]
        [InlineData("55000", "SELECT pg_current_wal_lsn()")]
        [InlineData("XX000", "SELECT lo_create(0)")]
        public async Task Every_code_of_a_standby_is_recognised(string code, string sql)
        {
            await using var db = ReadOnly();
            await using var transaction = await db.Database.BeginTransactionAsync();

            var error = await Should.ThrowAsync<DbException>(() => db.Database.ExecuteSqlRawAsync(sql));

            error.SqlState.ShouldBe(code);
            DatabaseProvider.IsRefusedWrite(error).ShouldBeTrue(error.Message);
        }

        [Fact]
        public async Task What_only_a_standby_can_answer_is_no_write_on_a_primary()
        {
            await using var db = Pair.Direct(Server.Primary);

            var error = await Should.ThrowAsync<DbException>(() => db.Database.ExecuteSqlRawAsync("SELECT pg_is_wal_replay_paused()"));

            error.SqlState.ShouldBe("55000");
            DatabaseProvider.IsRefusedWrite(error).ShouldBeFalse(error.Message);
        }

        protected override ShopContext ReadOnly() => Pair.Direct(Server.Replica);
    }
}
