using Cqrs.Routing.Positions;
using Cqrs.Routing.Sessions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.Tests.Sessions;

public sealed class SessionTokensTests
{
    // By another clock than this process's, as most tokens are.
    private static readonly Stamp Then = new(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000), 7);
    private static readonly SessionPosition Position = new(new("7711516803507645652", UInt128.MaxValue - 2) { Timeline = "00000001" }, UInt128.MaxValue - 1, 1, IsHeld: true, Then);

    private readonly FakeTimeProvider _clock = new(Then.Time);
    private readonly SessionTokens _tokens;

    public SessionTokensTests() => _tokens = new(Options.Create(new RoutingOptions()), _clock, new EphemeralDataProtectionProvider());

    [Fact]
    public void A_token_returns_the_state_that_it_was_made_of()
    {
        var state = new SessionState(After(-2), [Position, new(new("other", 0), 0, 0, IsHeld: false, After(-1))], After(30), 5, [6, 7]);

        var read = _tokens.Read(_tokens.Protect(state), out var problem);

        problem.ShouldBe(TokenRejection.None);
        read!.Positions.ShouldBe(state.Positions);
        read.Covered.ShouldBe(state.Covered);
        (read with { Positions = state.Positions, Covered = state.Covered }).ShouldBe(state);
    }

    [Fact]
    public void A_token_that_was_cut_or_changed_in_any_character_is_not_read()
    {
        var token = _tokens.Protect(Of(Position));

        for (var index = 0; index < token.Length; index++)
        {
            _tokens.Read(token[..index], out _).ShouldBeNull();
            var changed = token[..index] + (token[index] == 'A' ? 'B' : 'A') + token[(index + 1)..];
            // The last character may hold bits that mean nothing.
            if (index < token.Length - 1)
                _tokens.Read(changed, out _).ShouldBeNull();
        }
    }

    [Fact]
    public void Another_applications_token_is_not_read()
    {
        var others = new SessionTokens(Options.Create(new RoutingOptions()), _clock, new EphemeralDataProtectionProvider());

        _tokens.Read(others.Protect(Of(Position)), out var problem).ShouldBeNull();

        problem.ShouldBe(TokenRejection.Unreadable);
    }

    [Theory]
    [InlineData(-1, "None")]
    [InlineData(0, "Expired")]
    public void A_position_counts_for_as_long_as_a_token_lives_and_a_minute_more_as_clocks_differ(int milliseconds, string expected)
    {
        var token = _tokens.Protect(Of(Position));
        _clock.Advance(_tokens.Clock.Lifetime + TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(milliseconds));

        _tokens.Read(token, out var problem);

        problem.ToString().ShouldBe(expected);
    }

    [Fact]
    public void A_clock_that_was_seen_to_be_less_behind_is_allowed_less_for_a_minute()
    {
        var token = _tokens.Protect(Of(Position));
        // Two seconds old, or less, and then the other clock is behind.
        _clock.Advance(TimeSpan.FromSeconds(2));
        _tokens.Read(token, out _);
        _tokens.Clock.LatestOf(Then).ShouldBe(Then.Time.AddSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(59));
        _tokens.Read(token, out _);
        _tokens.Clock.LatestOf(Then).ShouldBe(Then.Time.AddSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _tokens.Clock.LatestOf(Then).ShouldBe(Then.Time.AddMinutes(1));
    }

    [Fact]
    public void A_position_that_this_process_noted_counts_for_exactly_as_long_as_a_token_lives()
    {
        var token = _tokens.Protect(Of(Position with { At = _tokens.Clock.Now }));

        _clock.Advance(_tokens.Clock.Lifetime - TimeSpan.FromMilliseconds(1));
        _tokens.Read(token, out _).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _tokens.Read(token, out _).ShouldBeNull();
    }

    [Fact]
    public void Expired_positions_pins_and_commands_are_left_out_of_a_token_that_still_counts()
    {
        var old = new SessionPosition(new("old", 1), 1, 1, IsHeld: false, After(-120));
        var token = _tokens.Protect(new(After(-120), [Position, old], After(-50), 0, []));
        _clock.Advance(TimeSpan.FromSeconds(40));

        var read = _tokens.Read(token, out _)!;

        read.Positions.ShouldBe([Position]);
        read.PinnedUntil.ShouldBeNull();
        read.Command.ShouldBeNull();
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(60.5, true)]
    public void A_token_from_further_ahead_than_clocks_may_be_apart_pins_and_is_never_ignored(double seconds, bool pins)
    {
        var read = _tokens.Read(_tokens.Protect(Of(Position with { At = After(seconds) })), out var problem)!;

        problem.ShouldBe(TokenRejection.None);
        read.Positions.Single().Written.ShouldBe(Position.Written);
        (read.PinnedUntil is { } until && until == _tokens.Clock.End).ShouldBe(pins);
    }

    [Fact]
    public void No_pin_is_longer_than_a_tokens_life()
    {
        var read = _tokens.Read(_tokens.Protect(new(null, [], After(3600), 0, [])), out _)!;

        read.PinnedUntil.ShouldBe(_tokens.Clock.End);
    }

    [Fact]
    public void The_largest_token_is_short_enough_for_a_cookie_and_what_does_not_fit_asks_for_the_primary()
    {
        var positions = Enumerable.Range(0, 9).Select(number => new SessionPosition(new(new string((char)('a' + number), 64), 1) { Timeline = new('t', 16) }, 1, 1, IsHeld: false, Then)).ToList();

        var token = _tokens.Protect(new(Then, positions, null, 0, [1, 2, 3, 4, 5, 6, 7, 8]));
        var read = _tokens.Read(token, out _)!;

        token.Length.ShouldBeLessThanOrEqualTo(SessionTokens.MaxLength);
        read.Positions.Count.ShouldBe(8);
        read.PinnedUntil.ShouldBe(_tokens.Clock.End);
    }

    [Fact]
    public void A_database_name_that_is_too_long_asks_for_the_primary()
    {
        var read = _tokens.Read(_tokens.Protect(Of(Position with { Written = new(new string('é', 33), 1) })), out _)!;

        read.Positions.ShouldBeEmpty();
        read.PinnedUntil.ShouldBe(_tokens.Clock.End);
    }

    [Fact]
    public void Bytes_of_another_version_or_length_are_no_token()
    {
        var bytes = TokenSerializer.Encode(Of(Position), default);
        TokenSerializer.Decode(bytes).ShouldNotBeNull();

        for (var length = 0; length < bytes.Length; length++)
            TokenSerializer.Decode(bytes[..length]).ShouldBeNull();
        TokenSerializer.Decode([.. bytes, 0]).ShouldBeNull();
        bytes[0] = 1;
        TokenSerializer.Decode(bytes).ShouldBeNull();
    }

    [Fact]
    public void Without_data_protection_the_error_says_what_to_call()
    {
        var tokens = new SessionTokens(Options.Create(new RoutingOptions()), _clock);

        Should.Throw<InvalidOperationException>(() => tokens.Protect(Of(Position))).Message.ShouldContain("services.AddDataProtection()");
        Should.Throw<InvalidOperationException>(() => tokens.Read("any", out _)).Message.ShouldContain("services.AddDataProtection()");
    }

    private static SessionState Of(SessionPosition position) => new(null, [position], null, 0, []);

    private static Stamp After(double seconds) => Then with { Time = Then.Time.AddSeconds(seconds) };
}
