using Cqrs.Routing.ConformanceTests.Configuration;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>A session that read on the primary while its replica was unavailable reads nothing older afterwards.</summary>
public sealed class FallbackSessionTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private readonly EphemeralDataProtectionProvider _keys = new();

    [Fact]
    [Trait("Case", "C238")]
    public async Task A_session_reads_no_older_state_when_the_replica_is_back()
    {
        await using var without = StartOn(Refusing, configure: ShareKeys);
        await using var with = StartOn(Standby, configure: ShareKeys);

        var (name, token) = await ReadAsync(without, token: null);
        name.ShouldBe(DatabasePair.Current);

        (await ReadAsync(with, token)).Name.ShouldBe(DatabasePair.Current);
        (await ReadAsync(with, token: null)).Name.ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    [Trait("Case", "C238")]
    public async Task A_session_reads_no_older_state_after_an_open_circuit_kept_it_from_the_replica()
    {
        await using var without = StartOn(Refusing, choices => choices.BreakDuration = TimeSpan.FromMinutes(1), ShareKeys);
        await using var with = StartOn(Standby, configure: ShareKeys);
        for (var query = 0; query < 5; query++)
            await without.SendAsync(ReadName);

        var (_, token) = await ReadAsync(without, token: null);

        (await ReadAsync(with, token)).Name.ShouldBe(DatabasePair.Current);
    }

    [Fact]
    [Trait("Case", "C238")]
    public async Task A_session_reads_no_older_state_after_one_of_its_statements_ran_again()
    {
        await using var app = StartOn(Standby, configure: ShareKeys);
        // An instance that has lost nothing, and doubts nothing.
        await using var other = StartOn(new NpgsqlConnectionStringBuilder(Standby) { MaxPoolSize = 7 }.ConnectionString, choices => choices.MaxFallbacksPerSecond = Settings + 1_000_000, ShareKeys);
        await app.SendAsync(ReadName);
        await BreakSocketsAsync();

        var (name, token) = await ReadAsync(app, token: null);
        name.ShouldBe(DatabasePair.Current);

        (await ReadAsync(other, token)).Name.ShouldBe(DatabasePair.Current);
        (await ReadAsync(other, token: null)).Name.ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_replica_that_dies_when_it_is_asked_for_its_position_is_away_and_nobody_says_that_positions_cannot_be_read()
    {
        var log = new LogLines();
        await using var app = StartOn(Standby, choices => choices.BreakDuration = TimeSpan.FromMinutes(1), options => options.ConfigureServices = services => log.AddTo(services));

        // Three failures open the circuit, so each of them has to count.
        for (var failure = 0; failure < 3; failure++)
        {
            await app.SendAsync(ReadName);
            await BreakSocketsAsync();
            await app.InScopeAsync(async handling =>
            {
                await handling.Sender.Send(new Write(command => command.Db.Notes.ExecuteUpdateAsync(notes => notes.SetProperty(note => note.Text, "changed"))));
                (await handling.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            });
            LastRoute(app).Reason.ShouldBe(RouteReason.ReplicaUnavailable);
        }

        log.All.ShouldNotContain(line => line.Contains("cannot be read", StringComparison.Ordinal));
        log.All.ShouldContain(line => line.Contains("is not available", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_fallback_a_query_fails_while_its_replica_may_have_restarted_and_is_behind()
    {
        await using var app = StartOn(Standby, choices => choices.FallbackToPrimary = false);
        await app.SendAsync(ReadName);
        await BreakSocketsAsync();
        await Should.ThrowAsync<ReplicaUnavailableException>(() => app.SendAsync(ReadName));

        (await Should.ThrowAsync<ReplicaUnavailableException>(() => app.SendAsync(ReadName))).Message.ShouldContain("(NotCaughtUp)");
        await Pair.ReplicateAsync();
        await app.SendAsync(ReadName);

        app.Log.OnPrimary.ShouldBeEmpty();
    }

    private static async Task<(string Name, string? Token)> ReadAsync(RoutedApp app, string? token)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<RoutingSession>();
        session.TryResume(token);
        var name = (string)(await scope.ServiceProvider.GetRequiredService<ISender>().Send(ReadName))!;
        return (name, await session.GetTokenAsync());
    }

    private void ShareKeys(RoutedAppOptions options) =>
        options.ConfigureServices = services => services.AddSingleton<IDataProtectionProvider>(_keys);
}
