using System.Data.Common;
using Cqrs.Routing.ConformanceTests.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>A primary that takes no writes, for example after a failover.</summary>
public abstract class ReadOnlyPrimaryTests(DatabasePair pair) : ConformanceTest(pair)
{
    protected abstract string ReadOnlyPrimary { get; }

    [Theory]
    [Trait("Case", "C248")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_command_is_named_in_the_log_and_its_error_reaches_the_caller_as_it_is(bool retry)
    {
        var log = new LogLines();
        await using var app = StartReadOnly(log, retry);

        var error = await Should.ThrowAsync<DbUpdateException>(() => app.SendAsync(new Write(async scope =>
        {
            scope.Db.Add(new Tag { Id = 7, Label = "new" });
            await scope.Db.SaveChangesAsync();
        })));

        error.InnerException.ShouldBeAssignableTo<DbException>();
        app.Log.OnReplica.Count(text => text.Contains("INSERT", StringComparison.Ordinal)).ShouldBe(1);
        log.All.Where(line => line.Contains("The primary of ShopContext takes no writes", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refused_write_outside_any_request_is_named_in_the_log()
    {
        var log = new LogLines();
        await using var app = StartReadOnly(log);

        await Should.ThrowAsync<DbException>(() => app.InScopeAsync(scope => scope.Db.Notes.ExecuteDeleteAsync()));

        log.All.Where(line => line.Contains("takes no writes", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_command_that_fails_for_another_reason_is_not_logged_as_refused()
    {
        var log = new LogLines();
        await using var app = StartReadOnly(log);

        await Should.ThrowAsync<DbException>(() => app.SendAsync(new Write(scope => scope.Db.Database.ExecuteSqlRawAsync("SELECT * FROM nowhere"))));

        log.All.ShouldNotContain(line => line.Contains("takes no writes", StringComparison.Ordinal));
    }

    private RoutedApp StartReadOnly(LogLines log, bool retry = false) => Start(options =>
    {
        options.AddContexts = (services, commands) => services.AddDbContext<ShopContext>(context => Pair.Use(context, ReadOnlyPrimary, retry).UseReplica(Pair.Replica).AddInterceptors(commands));
        options.ConfigureServicesLater = log.AddTo;
    });

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ReadOnlyPrimaryTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
    {
        protected override string ReadOnlyPrimary => Pair.Replica + ";Mode=ReadOnly";
    }

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ReadOnlyPrimaryTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>
    {
        protected override string ReadOnlyPrimary => Pair.Replica;
    }
}
