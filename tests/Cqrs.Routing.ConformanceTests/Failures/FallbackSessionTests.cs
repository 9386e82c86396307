using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Failures;

/// <summary>What a session read on the primary while its replica was away.</summary>
public sealed class FallbackSessionTests(PairFixture<PostgresPairDatabase> fixture) : FailureTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    private readonly EphemeralDataProtectionProvider _keys = new();

    [Fact]
    [Trait("Case", "C238")]
    public async Task Time_does_not_go_backwards_when_the_replica_is_back()
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
    public async Task Nor_if_it_was_not_even_asked()
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
    public async Task Nor_if_one_statement_ran_again()
    {
        await using var app = StartOn(Standby, configure: ShareKeys);
        await app.SendAsync(ReadName);
        await BreakSocketsAsync();

        var (name, token) = await ReadAsync(app, token: null);
        name.ShouldBe(DatabasePair.Current);

        (await ReadAsync(app, token)).Name.ShouldBe(DatabasePair.Current);
        (await ReadAsync(app, token: null)).Name.ShouldBe(DatabasePair.Replicated);
    }

    private static async Task<(string Name, string? Token)> ReadAsync(RoutedApp app, string? token)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<RoutingSession>();
        session.Resume(token);
        var name = (string)(await scope.ServiceProvider.GetRequiredService<ISender>().Send(ReadName))!;
        return (name, await session.GetTokenAsync());
    }

    private void ShareKeys(RoutedAppOptions options) =>
        options.ConfigureServices = services => services.AddSingleton<IDataProtectionProvider>(_keys);
}
