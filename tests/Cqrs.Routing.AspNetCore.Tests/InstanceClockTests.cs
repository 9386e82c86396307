using Microsoft.AspNetCore.DataProtection;

namespace Cqrs.Routing.AspNetCore.Tests;

/// <summary>Two instances whose clocks differ. Without positions, the window after a write alone decides.</summary>
public sealed class InstanceClockTests(Pair<SqlitePair> fixture) : IClassFixture<Pair<SqlitePair>>, IAsyncLifetime
{
    private readonly SqlitePair _pair = fixture.Databases;

    public async ValueTask InitializeAsync() => await _pair.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(-59)]
    [InlineData(-6)]
    [InlineData(6)]
    [InlineData(60)]
    [InlineData(3600)]
    public async Task A_user_sees_the_own_write_on_the_other_instance(int secondsAhead)
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var writes = await Shop.StartAsync(_pair, keys);
        await using var reads = await Shop.StartAsync(_pair, keys);
        // Of the two, the one that writes is ahead.
        if (secondsAhead > 0)
            writes.Clock.Advance(TimeSpan.FromSeconds(secondsAhead));
        else
            reads.Clock.Advance(TimeSpan.FromSeconds(-secondsAhead));
        using var user = writes.Open();

        await user.RenameAsync("written");

        using var sameUser = reads.Open(user);
        (await sameUser.NameAsync()).ShouldBe("written");
        reads.Clock.Advance(TimeSpan.FromSeconds(1.9));
        (await sameUser.NameAsync()).ShouldBe("written");
    }

    [Fact]
    public async Task A_token_from_the_future_keeps_nobody_for_longer_than_a_token_lives()
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var writes = await Shop.StartAsync(_pair, keys);
        await using var reads = await Shop.StartAsync(_pair, keys);
        writes.Clock.Advance(TimeSpan.FromHours(1));
        using var user = writes.Open();
        await user.RenameAsync("written");
        using var sameUser = reads.Open(user);
        (await sameUser.NameAsync()).ShouldBe("written");

        // The browser has dropped what is older than its lifetime.
        foreach (var cookie in user.Cookies.GetAllCookies().Cast<System.Net.Cookie>())
            cookie.Expired = true;

        (await sameUser.NameAsync()).ShouldBe(DatabasePair.Replicated);
    }
}
