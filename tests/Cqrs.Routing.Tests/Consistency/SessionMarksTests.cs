using Cqrs.Routing.Consistency;

namespace Cqrs.Routing.Tests.Consistency;

public sealed class SessionMarksTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly SessionMarks _marks = new();

    [Fact]
    [Trait("Case", "C227")]
    public void A_session_without_history_asks_for_nothing()
    {
        _marks.IsEmpty.ShouldBeTrue();
        _marks.IsPinned(Now).ShouldBeFalse();
        AreMet("a", 0).ShouldBeTrue();
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    [InlineData(101, true)]
    public void A_replica_meets_a_mark_at_its_position_and_beyond(int replayed, bool met)
    {
        _marks.Raise(Mark("a", 100));

        AreMet("a", replayed).ShouldBe(met);
    }

    [Fact]
    public void Positions_of_different_databases_are_never_compared()
    {
        _marks.Raise(Mark("a", 100));

        AreMet("b", 1).ShouldBeTrue();
        AreMet("a", 99).ShouldBeFalse();
    }

    [Fact]
    public void A_mark_only_rises()
    {
        _marks.Raise(Mark("a", 100));
        var version = _marks.Version;

        _marks.Raise(Mark("a", 50));

        _marks.Version.ShouldBe(version);
        AreMet("a", 99).ShouldBeFalse();
    }

    [Fact]
    public void A_mark_that_was_met_is_dropped_unless_another_server_may_answer_next()
    {
        _marks.Raise(Mark("a", 100));

        _marks.AreMetBy(new("a", 100), drop: false, out _).ShouldBeTrue();
        _marks.IsEmpty.ShouldBeFalse();
        _marks.AreMetBy(new("a", 100), drop: true, out var version).ShouldBeTrue();
        _marks.IsEmpty.ShouldBeTrue();
        version.ShouldBe(_marks.Version);
    }

    [Fact]
    public void A_mark_is_forgotten_when_its_time_is_over()
    {
        _marks.Raise(Mark("a", 100));
        _marks.Pin(Now.AddSeconds(10));

        _marks.Expire(Now.AddSeconds(59), TimeSpan.FromSeconds(60));
        _marks.IsPinned(Now.AddSeconds(9)).ShouldBeFalse();
        AreMet("a", 1).ShouldBeFalse();
        _marks.Expire(Now.AddSeconds(60), TimeSpan.FromSeconds(60));
        _marks.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_primary_that_was_noted_while_it_was_read_is_read_again()
    {
        var probe = new PrimaryProbe(PositionSources.PostgreSql, TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException());
        _marks.Note(probe, Now);
        var (_, note) = _marks.Unread().Single();

        _marks.Note(probe, Now);
        _marks.WasRead(probe, note, Mark("a", 100), Now);

        _marks.Unread().Single().Key.ShouldBe(probe);
        _marks.WasRead(probe, _marks.Unread().Single().Value, Mark("a", 200), Now);
        _marks.Unread().ShouldBeEmpty();
        AreMet("a", 199).ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_met_while_something_is_unread()
    {
        var probe = new PrimaryProbe(PositionSources.PostgreSql, TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException());
        _marks.Raise(Mark("a", 100));
        // A request beside this one commits between this one's look at what is unread and the replica's answer.
        _marks.Note(probe, Now);

        AreMet("a", 1000).ShouldBeFalse();
        _marks.WasRead(probe, _marks.Unread().Single().Value, Mark("a", 200), Now);
        AreMet("a", 1000).ShouldBeTrue();
    }

    [Fact]
    public void Two_contexts_of_one_primary_are_read_once()
    {
        _marks.Note(new(PositionSources.PostgreSql, TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException()), Now);
        _marks.Note(new(PositionSources.PostgreSql, TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException()), Now);
        _marks.Note(new(PositionSources.PostgreSql, TimeSpan.Zero, "Host=other", () => throw new NotSupportedException()), Now);

        _marks.Unread().Count.ShouldBe(2);
    }

    [Fact]
    public void Two_sources_that_ask_the_same_are_one()
    {
        _marks.Note(new(new Source("SELECT 1"), TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException()), Now);
        _marks.Note(new(new Source("SELECT 1"), TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException()), Now);
        _marks.Unread().Count.ShouldBe(1);

        _marks.Note(new(new Source("SELECT 2"), TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException()), Now);
        _marks.Unread().Count.ShouldBe(2);
    }

    [Fact]
    public void A_position_that_cannot_be_read_pins_the_session()
    {
        var probe = new PrimaryProbe(PositionSources.PostgreSql, TimeSpan.Zero, "Host=primary", () => throw new NotSupportedException());
        _marks.Note(probe, Now);

        _marks.WasRead(probe, _marks.Unread().Single().Value, mark: null, Now.AddSeconds(60));

        _marks.IsPinned(Now.AddSeconds(59)).ShouldBeTrue();
        _marks.IsPinned(Now.AddSeconds(60)).ShouldBeFalse();
    }

    [Theory]
    [Trait("Case", "C228")]
    [InlineData(2)]
    [InlineData(0)]
    public void Without_positions_a_write_pins_for_the_window(int seconds)
    {
        _marks.Note(new(PositionSources.None, TimeSpan.FromSeconds(seconds), "Data Source=shop.db", () => throw new NotSupportedException()), Now);

        _marks.IsPinned(Now.AddSeconds(seconds - 0.001)).ShouldBeTrue();
        _marks.IsPinned(Now.AddSeconds(seconds)).ShouldBeFalse();
        _marks.Unread().ShouldBeEmpty();
    }

    private static SessionMark Mark(string database, int value) => new(new(database, (UInt128)value), Now);

    private bool AreMet(string database, int value) => _marks.AreMetBy(new(database, (UInt128)value), drop: false, out _);

    private sealed class Source(string text) : IPositionSource
    {
        public string PrimaryCommandText => text;

        public string ReplicaCommandText => text;

        public ReplicationPosition? Read(System.Data.Common.DbDataReader row) => null;
    }
}
