using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>A query with several contexts or inner queries, some of which the replica fails earlier than others.</summary>
public sealed class SeveralContextsFallbackTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private const string OnPrimary = "primary";

    // Hangs on the standby until its backend is ended, and answers at once on the primary.
    private const string Hang = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_sleep(60)::text ELSE 'primary' END AS \"Value\"";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Statements_of_one_query_that_die_one_after_the_other_all_run_again_and_count_once()
    {
        await using var app = StartOn(Standby, choices => choices.MaxFallbacksPerSecond = 1);
        var handled = 0;

        await app.SendAsync(new Read(async handling =>
        {
            handled++;
            var answers = Enumerable.Range(0, 3).Select(_ => ReadAsync(handling, HangAsync)).ToList();
            for (var hanging = answers.Count; hanging > 0; hanging--)
            {
                await EndAsync(hanging);
                var answered = await Task.WhenAny(answers);
                (await answered).ShouldBe(OnPrimary);
                answers.Remove(answered);
            }
        }));

        handled.ShouldBe(1);
        app.Log.Counts.ShouldBe((3, 3));
    }

    [Fact]
    public async Task Without_fallback_all_statements_of_one_query_that_die_fail()
    {
        await using var app = StartOn(Standby, choices => choices.FallbackToPrimary = false);

        await app.SendAsync(new Read(async handling =>
        {
            var answers = Enumerable.Range(0, 2).Select(_ => ReadAsync(handling, HangAsync)).ToList();
            await EndAsync(of: 2);
            await Should.ThrowAsync<ReplicaUnavailableException>(await Task.WhenAny(answers));
            await EndAsync(of: 1);
            foreach (var answer in answers)
                await Should.ThrowAsync<ReplicaUnavailableException>(answer);
        }));

        app.Log.OnPrimary.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_died_after_its_query_was_sent_to_the_primary_is_closed_where_it_was_opened(bool retry)
    {
        await using var app = StartOn(Standby, configure: options => options.Retry = retry);

        await app.InScopeAsync(async handling =>
        {
            await handling.Sender.Send(new Read(async query =>
            {
                var (own, other) = (HangAsync(query.Db), ReadAsync(query, HangAsync));
                await EndAsync(of: 2);
                var first = await Task.WhenAny(own, other);
                (await first).ShouldBe(OnPrimary);
                await EndAsync(of: 1);
                (await own, await other).ShouldBe((OnPrimary, OnPrimary));
            }));
            (await handling.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current, "what it read before came from the primary");
            await handling.Sender.Send(new Write(command => command.Db.Notes.ExecuteUpdateAsync(notes => notes.SetProperty(note => note.Text, "changed"))));
        });
    }

    [Fact]
    public async Task A_query_that_dies_among_its_rows_runs_again_although_its_inner_query_fell_back_already()
    {
        await using var app = StartOn(Standby);
        var (outer, inner) = (0, 0);

        var rows = await app.SendAsync(new Read(async handling =>
        {
            outer++;
            var rows = 0;
            await foreach (var row in handling.Db.Database.SqlQueryRaw<string>(ManyRows).AsAsyncEnumerable())
            {
                if (rows++ == 0 && outer == 1)
                {
                    var answer = InScopeAsync(handling, services => services.GetRequiredService<MediatR.ISender>().Send(new Read(async query =>
                    {
                        inner++;
                        return await HangAsync(query.Db);
                    })));
                    await EndAsync(of: 2, limit: 2);
                    (await answer).ShouldBe(OnPrimary);
                }
            }

            return rows;
        }));

        rows.ShouldBe(100_000);
        (outer, inner).ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_query_does_not_run_again_for_a_failure_of_the_primary_after_its_fallback()
    {
        var application = $"primary-{Guid.NewGuid():N}";
        var primary = new NpgsqlConnectionStringBuilder(Pair.Primary) { ApplicationName = application }.ConnectionString;
        await using var app = Start(options => options.AddContexts = (services, log) => services.AddDbContext<ShopContext>(context => context
            .UseNpgsql(primary)
            .UseReplica(Standby, choices => (choices.MonitorInterval, choices.MaxFallbacksPerSecond) = (TimeSpan.Zero, Settings))
            .AddInterceptors(log)));
        await app.SendAsync(ReadName);
        await BreakSocketsAsync();
        var handled = 0;

        await Should.ThrowAsync<NpgsqlException>(() => app.SendAsync(new Read(async handling =>
        {
            handled++;
            await NameAsync(handling.Db);
            var rows = 0;
            await foreach (var row in handling.Db.Database.SqlQueryRaw<string>(ManyRows).AsAsyncEnumerable())
            {
                if (rows++ == 0)
                    await BreakSocketsAsync(Pair.Primary, application);
            }
        })));

        handled.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_that_a_query_opened_is_refused_after_the_query_was_sent_to_the_primary()
    {
        await using var app = StartOn(Standby, configure: options => options.ConfigureRouting = routing => routing.AllowCommandsInQueries = true);

        await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            handling.Db.Database.GetDbConnection().State.ShouldBe(System.Data.ConnectionState.Open);
            await InScopeAsync(handling, services => services.GetRequiredService<MediatR.ISender>().Send(new Write(command => command.Db.Notes.CountAsync())));
            Should.Throw<InvalidOperationException>(() => handling.Db.Database.GetDbConnection()).Message.ShouldContain("still open on the replica");
        }));
    }

    [Fact]
    public async Task A_query_runs_again_only_once()
    {
        await using var app = StartOn(Standby, choices => choices.ClassifyError = error => error is TimeoutException ? ReplicaErrorKind.Transient : null);
        var handled = 0;

        await Should.ThrowAsync<TimeoutException>(() => app.SendAsync(new Read(async handling =>
        {
            handled++;
            await ReadAsync(handling, NameAsync);
            throw new TimeoutException("Some reader's own, which the application blames on the replica.");
        })));

        handled.ShouldBe(2);
    }

    private static Task<string> HangAsync(ShopContext db) => db.Database.SqlQueryRaw<string>(Hang).SingleAsync();

    private static Task<string> ReadAsync(Handling handling, Func<ShopContext, Task<string>> read) =>
        InScopeAsync(handling, services => read(services.GetRequiredService<ShopContext>()));

    private static async Task<T> InScopeAsync<T>(Handling handling, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = handling.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>Ends some of so many backends that answer a statement of the test's application.</summary>
    private async Task EndAsync(int of, int limit = 1)
    {
        const string Active = "FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'";
        await using var connection = new NpgsqlConnection(Pair.Replica);
        await connection.OpenAsync();
        for (var begin = TimeProvider.System.GetTimestamp(); await CountAsync($"SELECT count(*) {Active}") != of; await Task.Delay(5))
            TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(Patience);
        (await CountAsync($"SELECT count(pg_terminate_backend(pid, 5000)) FROM (SELECT pid {Active} LIMIT {limit}) AS backends")).ShouldBe(limit);

        async Task<long> CountAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(new() { Value = new NpgsqlConnectionStringBuilder(Standby).ApplicationName });
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
