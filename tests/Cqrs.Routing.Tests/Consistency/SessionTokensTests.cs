using Cqrs.Routing.Consistency;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.Tests.Consistency;

public sealed class SessionTokensTests
{
    private static readonly SessionMark Mark = new(new("7711516803507645652", UInt128.MaxValue - 1), DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));

    private readonly FakeTimeProvider _clock = new(Mark.TakenAt);
    private readonly SessionTokens _tokens;

    public SessionTokensTests() => _tokens = new(Options.Create(new RoutingOptions()), _clock, new EphemeralDataProtectionProvider());

    [Fact]
    public void What_goes_in_comes_out()
    {
        var state = new SessionState([Mark, new(new("other", 0), Mark.TakenAt.AddSeconds(-1))], Mark.TakenAt.AddSeconds(30));

        var read = _tokens.Read(_tokens.Protect(state), out var problem);

        problem.ShouldBe(TokenProblem.None);
        read!.Marks.ShouldBe(state.Marks);
        read.PinnedUntil.ShouldBe(state.PinnedUntil);
    }

    [Fact]
    public void Every_cut_and_every_changed_character_is_noticed()
    {
        var token = _tokens.Protect(new([Mark], default));

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

        _tokens.Read(others.Protect(new([Mark], default)), out var problem).ShouldBeNull();

        problem.ShouldBe(TokenProblem.Unreadable);
    }

    [Theory]
    [InlineData(-1, "None")]
    [InlineData(0, "Expired")]
    public void A_mark_counts_for_as_long_as_a_token_lives(int milliseconds, string expected)
    {
        var token = _tokens.Protect(new([Mark], default));
        _clock.Advance(_tokens.Lifetime + TimeSpan.FromMilliseconds(milliseconds));

        _tokens.Read(token, out var problem);

        problem.ToString().ShouldBe(expected);
    }

    [Fact]
    public void What_is_over_is_left_out_of_what_still_counts()
    {
        var old = new SessionMark(new("old", 1), Mark.TakenAt.AddSeconds(-30));
        var token = _tokens.Protect(new([Mark, old], Mark.TakenAt.AddSeconds(10)));
        _clock.Advance(TimeSpan.FromSeconds(40));

        var read = _tokens.Read(token, out _)!;

        read.Marks.ShouldBe([Mark]);
        read.PinnedUntil.ShouldBe(default);
    }

    [Theory]
    [InlineData(5000, "None")]
    [InlineData(5001, "FromTheFuture")]
    public void Clocks_may_be_a_little_apart(int milliseconds, string expected)
    {
        var ahead = new SessionMark(Mark.Position, Mark.TakenAt.AddMilliseconds(milliseconds));

        _tokens.Read(_tokens.Protect(new([ahead], default)), out var problem);

        problem.ToString().ShouldBe(expected);
    }

    [Fact]
    public void No_pin_is_longer_than_a_tokens_life()
    {
        var state = new SessionState([], Mark.TakenAt + _tokens.Lifetime + TimeSpan.FromMinutes(1));

        _tokens.Read(_tokens.Protect(state), out var problem).ShouldBeNull();

        problem.ShouldBe(TokenProblem.FromTheFuture);
    }

    [Fact]
    public void The_largest_token_is_short_enough_for_a_cookie_and_what_does_not_fit_asks_for_the_primary()
    {
        var marks = Enumerable.Range(0, 9).Select(number => new SessionMark(new(new string((char)('a' + number), 64), 1), Mark.TakenAt)).ToList();

        var token = _tokens.Protect(new(marks, default));
        var read = _tokens.Read(token, out _)!;

        token.Length.ShouldBeLessThanOrEqualTo(SessionTokens.MaxLength);
        read.Marks.Count.ShouldBe(8);
        read.PinnedUntil.ShouldBe(Mark.TakenAt + _tokens.Lifetime);
    }

    [Fact]
    public void A_name_that_is_too_long_asks_for_the_primary()
    {
        var read = _tokens.Read(_tokens.Protect(new([new(new(new string('é', 33), 1), Mark.TakenAt)], default)), out _)!;

        read.Marks.ShouldBeEmpty();
        read.PinnedUntil.ShouldBe(Mark.TakenAt + _tokens.Lifetime);
    }

    [Fact]
    public void Bytes_of_another_version_or_length_are_no_token()
    {
        var bytes = TokenFormat.Encode(new([Mark], default), default);
        TokenFormat.Decode(bytes).ShouldNotBeNull();

        for (var length = 0; length < bytes.Length; length++)
            TokenFormat.Decode(bytes.AsSpan(0, length)).ShouldBeNull();
        TokenFormat.Decode([.. bytes, 0]).ShouldBeNull();
        bytes[0] = 2;
        TokenFormat.Decode(bytes).ShouldBeNull();
    }

    [Fact]
    public void Without_data_protection_the_error_says_what_to_call()
    {
        var tokens = new SessionTokens(Options.Create(new RoutingOptions()), _clock);

        Should.Throw<InvalidOperationException>(() => tokens.Protect(new([Mark], default))).Message.ShouldContain("services.AddDataProtection()");
        Should.Throw<InvalidOperationException>(() => tokens.Read("any", out _)).Message.ShouldContain("services.AddDataProtection()");
    }
}
