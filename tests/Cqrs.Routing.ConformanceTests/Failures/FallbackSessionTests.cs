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
