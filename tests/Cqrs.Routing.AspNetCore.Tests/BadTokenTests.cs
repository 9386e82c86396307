using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.DataProtection;

namespace Cqrs.Routing.AspNetCore.Tests;

/// <summary>Invalid session tokens cause no error page, and each of them is counted.</summary>
public sealed class BadTokenTests(Pair<SqlitePair> fixture) : IClassFixture<Pair<SqlitePair>>, IAsyncLifetime
{
    private readonly SqlitePair _pair = fixture.Databases;

    public async ValueTask InitializeAsync() => await _pair.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("garbage", "Unreadable")]
    [InlineData("%F0%9F%98%80", "Unreadable")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Unreadable")]
    [InlineData("{5000}", "TooLong")]
    public async Task What_is_no_token_is_ignored_and_counted(string value, string problem)
    {
        await using var shop = await Shop.StartAsync(_pair);
        using var user = shop.Open();
        using var ignored = new IgnoredTokens();
        user.Cookies.MaxCookieSize = 10_000;
        user.Forge(".Cqrs.Routing.forged", value == "{5000}" ? new string('a', 5000) : value);

        await ShouldCountForNothingAsync(user);

        ignored.Problems.ShouldContain(problem);
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Flipped)]
    [InlineData(Damage.Foreign)]
    [InlineData(Damage.Expired)]
    public async Task A_token_that_was_good_once_is_ignored_and_counted(Damage damage)
    {
        await using var shop = await Shop.StartAsync(_pair);
        await using var foreign = await Shop.StartAsync(_pair);
        using var ignored = new IgnoredTokens();
        using var writer = (damage == Damage.Foreign ? foreign : shop).Open();
        var token = (await writer.RenameAsync("written")).Headers.GetValues("Routing-Session").Single();
        if (damage == Damage.Expired)
            shop.Clock.Advance(TimeSpan.FromMinutes(2));

        using var user = shop.Open();
        user.Forge(".Cqrs.Routing.copied", damage switch
        {
            Damage.Cut => token[..^3],
            Damage.Flipped => $"{token[..20]}{(token[20] == 'A' ? 'B' : 'A')}{token[21..]}",
            _ => token,
        });
        await ShouldCountForNothingAsync(user);

        ignored.Problems.ShouldContain(damage is Damage.Cut or Damage.Flipped or Damage.Foreign ? "Unreadable" : damage.ToString());
    }

    [Fact]
    public async Task A_copied_token_holds_the_primary_no_longer_than_it_lives()
    {
        await using var shop = await Shop.StartAsync(_pair);
        using var writer = shop.Open();
        var token = (await writer.RenameAsync("written")).Headers.GetValues("Routing-Session").Single();
        using var copier = shop.Open();

        for (var age = 0; age < 120; age += 10)
        {
            (await copier.SendAsync(HttpMethod.Get, "name", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
            shop.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        shop.Routes.Clear();
        await copier.SendAsync(HttpMethod.Get, "name", token);
        shop.Routes.Records.ShouldAllBe(record => record.Route == DatabaseRole.Replica);
    }

    [Fact]
    public async Task Hundreds_of_cookies_and_a_huge_header_are_only_slow()
    {
        await using var shop = await Shop.StartAsync(_pair);
        using var user = shop.Open();
        user.Cookies.PerDomainCapacity = 300;
        for (var number = 0; number < 200; number++)
            user.Forge($".Cqrs.Routing.{number}", new string('x', 100));

        var response = await user.SendAsync(HttpMethod.Get, "name", new string(',', 5000) + new string('y', 20_000));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_mean_the_primary_and_no_error_page()
    {
        var keys = new BrokenKeys();
        await using var shop = await Shop.StartAsync(_pair, keys);
        using var user = shop.Open();
        await user.RenameAsync("written");
        user.SessionCookies.ShouldBeEmpty();

        user.Forge(".Cqrs.Routing.any", "QUFBQQ");
        var response = await user.SendAsync(HttpMethod.Get, "name");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("written");
    }

    private static async Task ShouldCountForNothingAsync(Browser user)
    {
        var response = await user.SendAsync(HttpMethod.Get, "name");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(DatabasePair.Replicated);
    }

    public enum Damage
    {
        Cut,
        Flipped,
        Foreign,
        Expired,
    }

    private sealed class BrokenKeys : IDataProtectionProvider, IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => throw new IOException("The keys are on a disk that is gone.");

        public byte[] Unprotect(byte[] protectedData) => throw new IOException("The keys are on a disk that is gone.");
    }

    private sealed class IgnoredTokens : IDisposable
    {
        private readonly MeterListener _listener = new();

        public IgnoredTokens()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "cqrs.routing.tokens.ignored")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Problems.Add((string)tags[0].Value!));
            _listener.Start();
        }

        public List<string> Problems { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
