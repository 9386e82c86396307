using Cqrs.Routing.Positions;
using Cqrs.Routing.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Cqrs.Routing.Tests.Sessions;

public sealed class SessionPositionsTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly PrimaryPositionReader Primary = Probe("Host=primary");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly SessionClock _clock;
    private readonly SessionPositions _positions;

    public SessionPositionsTests()
    {
        _clock = new(_time, Lifetime);
        _positions = new(_clock);
    }

    [Fact]
    [Trait("Case", "C227")]
    public void A_session_without_history_asks_for_nothing()
    {
        _positions.IsEmpty.ShouldBeTrue();
        _positions.IsPinned.ShouldBeFalse();
        _positions.MustAsk(Primary, "a").ShouldBeFalse();
        Compare("a", 0).ShouldBe(PositionOutcome.Reached);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(101, true)]
    public void A_replica_reaches_a_position_at_that_position_and_beyond(int replayed, bool met)
    {
        RunCommand();
        Ask("a", 100);

        (Compare("a", replayed) == PositionOutcome.Reached).ShouldBe(met);
        _positions.IsReachedBy(new("a", (UInt128)replayed), Primary).ShouldBe(met);
    }

    [Fact]
    public void A_position_that_one_replica_reached_stays_for_the_other_replicas()
    {
        RunCommand();
        Ask("a", 100);

        Compare("a", 100).ShouldBe(PositionOutcome.Reached);
        Compare("a", 99).ShouldBe(PositionOutcome.LacksOwn);
    }

    [Fact]
    public void Every_primary_is_asked_after_every_command()
    {
        RunCommand();
        _positions.MustAsk(Primary, "a").ShouldBeTrue();
        _positions.MustAsk(Probe("Host=other"), "b").ShouldBeTrue();

        Ask("a", 100);
        _positions.MustAsk(Primary, "a").ShouldBeFalse();
        _positions.MustAsk(Probe("Host=other"), "b").ShouldBeTrue();
        Compare("b", 1000).ShouldBe(PositionOutcome.LacksOwn);

        RunCommand();
        _positions.MustAsk(Primary, "a").ShouldBeTrue();
        Compare("a", 1000).ShouldBe(PositionOutcome.LacksOwn);
        Ask("a", 200);
        Compare("a", 199).ShouldBe(PositionOutcome.LacksOwn);
    }

    [Fact]
    public void A_primary_is_asked_again_if_a_command_ran_while_it_was_asked()
    {
        RunCommand();
        var before = _positions.Before;
        RunCommand();

        _positions.WasRead(Primary, new("a", 100), before);

        _positions.MustAsk(Primary, "a").ShouldBeTrue();
        Compare("a", 1000).ShouldBe(PositionOutcome.LacksOwn);
    }

    [Fact]
    public void While_a_command_runs_every_query_asks_the_primary()
    {
        _positions.CommandBegins();
        Ask("a", 100);
        _positions.MustAsk(Primary, "a").ShouldBeTrue();
        Compare("a", 100).ShouldBe(PositionOutcome.Reached);
        _positions.IsReachedBy(new("a", 1000), Primary).ShouldBeFalse();

        Ask("a", 200);
        Compare("a", 199).ShouldBe(PositionOutcome.LacksOwn);
    }

    [Fact]
    public void A_position_after_a_query_is_asked_for_once_and_raises_only_what_was_seen()
    {
        RunCommand();
        Ask("a", 100);

        _positions.Saw(Primary, "a");
        _positions.MustAsk(Primary, "a").ShouldBeTrue();
        Ask("a", 150);

        _positions.MustAsk(Primary, "a").ShouldBeFalse();
        Compare("a", 99).ShouldBe(PositionOutcome.LacksOwn);
        Compare("a", 149).ShouldBe(PositionOutcome.LacksSeen);
        Compare("a", 150).ShouldBe(PositionOutcome.Reached);
    }

    [Fact]
    public void Writes_of_other_sessions_do_not_keep_a_session_on_the_primary_for_ever()
    {
        RunCommand();
        Ask("a", 100);
        var position = 100;
        for (var replayed = 60; Compare("a", replayed) != PositionOutcome.Reached; replayed += 10)
        {
            position += 10;
            replayed.ShouldBeLessThan(200);
            _positions.Saw(Primary, "a");
            if (_positions.MustAsk(Primary, "a"))
                Ask("a", position);
        }
    }

    [Fact]
    public void The_position_of_a_sessions_own_write_is_never_given_up()
    {
        RunCommand();
        Ask("a", 100);
        _positions.Saw(Primary, "a");
        Ask("a", 150);
        Compare("a", 120).ShouldBe(PositionOutcome.LacksSeen);

        RunCommand();
        Ask("a", 200);

        Compare("a", 199).ShouldBe(PositionOutcome.LacksOwn);
    }

    [Fact]
    public void A_position_on_another_timeline_is_never_compared()
    {
        RunCommand();
        Ask("a", 100, "1");

        Compare("a", 1000, "2").ShouldBe(PositionOutcome.OtherTimeline);
        _positions.IsReachedBy(new("a", 1000) { Timeline = "2" }, Primary).ShouldBeFalse();
    }

    [Fact]
    public void The_primarys_new_timeline_takes_the_place_of_the_old_one()
    {
        RunCommand();
        Ask("a", 100, "1");

        Ask("a", 50, "2").ShouldBeTrue();

        Compare("a", 49, "2").ShouldBe(PositionOutcome.LacksOwn);
        Compare("a", 50, "2").ShouldBe(PositionOutcome.Reached);
        Compare("a", 1000, "1").ShouldBe(PositionOutcome.OtherTimeline);
    }

    [Fact]
    public void A_position_of_the_primary_that_went_backwards_is_reported_and_counts()
    {
        RunCommand();
        Ask("a", 100);
        RunCommand();

        Ask("a", 50).ShouldBeFalse();

        Compare("a", 49).ShouldBe(PositionOutcome.LacksOwn);
    }

    [Fact]
    public void An_answer_that_is_older_than_a_position_imported_meanwhile_is_no_step_back()
    {
        RunCommand();
        Ask("a", 100);
        var other = new SessionPositions(_clock);
        other.CommandEnds();
        other.WasRead(Primary, new("a", 200), other.Before);
        RunCommand();

        var before = _positions.Before;
        _positions.Import(other.Export());

        _positions.WasRead(Primary, new("a", 150), before).ShouldBeTrue();
        Compare("a", 199).ShouldBe(PositionOutcome.LacksOwn);
    }

    [Fact]
    public void Positions_and_pins_are_forgotten_after_their_lifetime()
    {
        RunCommand();
        Ask("a", 100);
        _positions.Pin();

        Expire(59.9);
        _positions.IsPinned.ShouldBeTrue();
        Compare("a", 1).ShouldBe(PositionOutcome.LacksOwn);
        Expire(0.1);
        _positions.IsEmpty.ShouldBeTrue();
        Compare("a", 1).ShouldBe(PositionOutcome.Reached);
    }

    [Fact]
    public void A_running_command_is_not_forgotten()
    {
        _positions.CommandBegins();

        Expire(3600);

        _positions.MustAsk(Primary, "a").ShouldBeTrue();
    }

    [Fact]
    public void A_position_that_cannot_be_read_pins_for_as_long_as_the_command_is_remembered()
    {
        RunCommand();
        Expire(20);

        for (var query = 0; query < 5; query++)
        {
            _positions.WasNotRead(Primary);
            _positions.IsPinned.ShouldBeTrue();
            _positions.Saw(Primary, database: null);
            Expire(5);
        }

        Expire(15);
        _positions.IsPinned.ShouldBeFalse();
    }

    [Fact]
    public void A_position_that_cannot_be_read_after_a_query_pins_nobody()
    {
        _positions.Saw(Primary, database: null);

        _positions.WasNotRead(Primary);

        _positions.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [Trait("Case", "C228")]
    [InlineData(2)]
    [InlineData(0)]
    public void A_command_counts_as_recent_for_the_length_of_the_window(int seconds)
    {
        RunCommand();

        _positions.RanWithin(TimeSpan.FromSeconds(seconds)).ShouldBe(seconds > 0);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _positions.RanWithin(TimeSpan.FromSeconds(seconds)).ShouldBeFalse();
    }

    [Fact]
    public void A_token_takes_all_positions_of_its_session_along()
    {
        RunCommand();
        Ask("a", 100);
        _positions.Saw(Primary, "a");
        Ask("a", 150);
        Compare("a", 120);

        var next = new SessionPositions(_clock);
        next.Import(_positions.Export());

        next.MustAsk(Primary, "a").ShouldBeFalse();
        next.MustAsk(Probe("Host=other"), "b").ShouldBeTrue();
        next.Compare(new("a", 99)).ShouldBe(PositionOutcome.LacksOwn);
        next.Compare(new("a", 149)).ShouldBe(PositionOutcome.LacksSeen);
        next.Compare(new("a", 150)).ShouldBe(PositionOutcome.Reached);
    }

    [Fact]
    public void Two_tokens_count_together_only_where_both_were_asked()
    {
        var one = Token("a", 100);
        var other = Token("a", 200);
        var unasked = Token(database: null, 0);

        var both = new SessionPositions(_clock);
        both.Import(one);
        both.Import(other);
        both.MustAsk(Primary, "a").ShouldBeFalse();
        both.Compare(new("a", 199)).ShouldBe(PositionOutcome.LacksOwn);

        both.Import(unasked);
        both.MustAsk(Primary, "a").ShouldBeTrue();
    }

    [Fact]
    public void Of_two_timelines_only_the_primary_knows_which_counts()
    {
        var both = new SessionPositions(_clock);
        both.Import(Token("a", 100, "1"));
        both.Import(Token("a", 50, "2"));

        both.MustAsk(Primary, "a").ShouldBeTrue();
    }

    [Fact]
    public void A_token_that_only_asks_is_covered_by_one_that_was_asked_after_it()
    {
        var ask = new SessionState(_clock.Now, [], PinnedUntil: null, Id: 7, []);
        var first = new SessionPositions(_clock);
        first.Import(ask);
        first.MustAsk(Primary, "a").ShouldBeTrue();
        first.WasRead(Primary, new("a", 100), first.Before);

        var next = new SessionPositions(_clock);
        next.Import(first.Export());
        next.Import(ask);

        next.MustAsk(Primary, "a").ShouldBeFalse();
        next.Import(ask with { Id = 8 });
        next.MustAsk(Primary, "a").ShouldBeTrue();
    }

    [Fact]
    public void A_time_by_another_clock_lasts_a_minute_longer()
    {
        var other = new SessionClock(_time, Lifetime);
        _positions.Import(new SessionState(other.Now, [], PinnedUntil: null, 0, []));

        _positions.RanWithin(TimeSpan.FromSeconds(2)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(61));
        _positions.RanWithin(TimeSpan.FromSeconds(2)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        _positions.RanWithin(TimeSpan.FromSeconds(2)).ShouldBeFalse();
        Expire(57.9);
        _positions.MustAsk(Primary, "a").ShouldBeTrue();
        Expire(0.1);
        _positions.MustAsk(Primary, "a").ShouldBeFalse();
    }

    [Fact]
    public void Two_contexts_of_one_primary_are_asked_once()
    {
        _positions.Know(Probe("Host=primary"));
        _positions.Know(Probe("Host=primary"));
        _positions.Know(Probe("Host=other"));

        _positions.Primaries.Count.ShouldBe(2);
    }

    [Fact]
    public void Two_position_sources_with_the_same_command_are_asked_once()
    {
        _positions.Know(new(new Source("SELECT 1"), new("primary", "shop"), (_, _) => throw new NotSupportedException()));
        _positions.Know(new(new Source("SELECT 1"), new("primary", "shop"), (_, _) => throw new NotSupportedException()));
        _positions.Primaries.Count.ShouldBe(1);

        _positions.Know(new(new Source("SELECT 2"), new("primary", "shop"), (_, _) => throw new NotSupportedException()));
        _positions.Primaries.Count.ShouldBe(2);
    }

    private static PrimaryPositionReader Probe(string server) => new(PositionSources.PostgreSql, new(server, "shop"), (_, _) => throw new NotSupportedException());

    private SessionState Token(string? database, int position, string? timeline = null)
    {
        var positions = new SessionPositions(_clock);
        positions.CommandBegins();
        positions.CommandEnds();
        if (database is not null)
            positions.WasRead(Primary, new(database, (UInt128)position) { Timeline = timeline }, positions.Before);
        return positions.Export();
    }

    private void RunCommand()
    {
        _positions.CommandBegins();
        _positions.CommandEnds();
    }

    private bool Ask(string database, int position, string? timeline = null) =>
        _positions.WasRead(Primary, new(database, (UInt128)position) { Timeline = timeline }, _positions.Before);

    private PositionOutcome Compare(string database, int replayed, string? timeline = null) => _positions.Compare(new(database, (UInt128)replayed) { Timeline = timeline });

    private void Expire(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _positions.Expire();
    }

    private sealed class Source(string text) : IPositionSource
    {
        public string PrimaryCommandText => text;

        public string ReplicaCommandText => text;

        public ReplicationPosition? Read(System.Data.Common.DbDataReader row) => null;
    }
}
