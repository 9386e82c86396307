namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>The limits on falling back to the primary: the option <c>FallbackToPrimary</c> and the fallback budget.</summary>
public sealed class FallbackLimitTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task Without_fallback_a_query_whose_replica_refuses_gets_an_error_that_names_the_option()
    {
        await using var app = StartOn(Refusing, choices => choices.FallbackToPrimary = false);

        var error = await Should.ThrowAsync<ReplicaUnavailableException>(() => app.SendAsync(ReadName));

        error.Message.ShouldBe(
            "The replica of ShopContext cannot serve Read (ReplicaUnavailable), and ReplicaOptions.FallbackToPrimary is off. Turn it on to let such queries run on the primary. [CR210]");
        error.InnerException.ShouldBeOfType<Npgsql.NpgsqlException>();
        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    public async Task Without_fallback_a_statement_that_the_replica_fails_does_not_run_again()
    {
        await using var app = StartOn(Standby, choices => choices.FallbackToPrimary = false);
        await app.SendAsync(ReadName);
        await BreakSocketsAsync();

        await Should.ThrowAsync<ReplicaUnavailableException>(() => app.SendAsync(ReadName));

        app.Log.Counts.ShouldBe((0, 2));
    }

    [Fact]
    public async Task Queries_beyond_the_fallback_budget_fail_fast_with_an_error_that_names_the_budget()
    {
        await using var app = StartOn(Refusing, choices => (choices.MaxFallbacksPerSecond, choices.BreakDuration) = (3, TimeSpan.FromMinutes(1)));

        var outcomes = new List<Exception?>();
        for (var query = 0; query < 10; query++)
            outcomes.Add(await Record.ExceptionAsync(() => app.SendAsync(ReadName)));

        // Ten queries take less than a second; on a machine where they do not, the budget is filled up again meanwhile.
        app.Log.OnPrimary.Count.ShouldBe(outcomes.Count(outcome => outcome is null));
        outcomes.Take(3).ShouldAllBe(outcome => outcome == null);
        outcomes.OfType<ReplicaUnavailableException>().ShouldContain(error => error.Message.Contains("more than 3 queries per second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_takes_its_share_of_the_fallback_budget_once_however_often_it_reads()
    {
        await using var app = StartOn(Refusing, choices => choices.MaxFallbacksPerSecond = 1);

        await app.SendAsync(new Read(async handling =>
        {
            for (var read = 0; read < 5; read++)
                await NameAsync(handling.Db);
        }));

        app.Log.Counts.ShouldBe((5, 0));
    }
}
