using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>What one session has written and seen, as far as a replica may not have it yet. Thread safe: a user's requests run in parallel.</summary>
/// <remarks>
/// A command is only counted. What it wrote, and to which primary, is not known and not needed: the next query that wants a replica has that replica's primary asked for its position, if it was not asked
/// since the count last went up.
/// </remarks>
internal sealed class SessionPositions(SessionClock timeProvider)
{
    /// <summary>More than a user's browser sends in parallel while one token is on its way.</summary>
    private const int MaxCovered = 8;

    private readonly Lock _gate = new();
    private readonly List<SessionPosition> _marks = [];
    private List<PrimaryPositionReader>? _primaries;
    private List<PrimaryPositionReader>? _seen;
    private List<ulong>? _covered;
    private Stamp? _command;
    private Stamp? _pinnedUntil;
    private int _commands;
    private int _running;
    private int _version;
    private volatile bool _any;
    private SemaphoreSlim? _asking;

    /// <summary>Held while a primary is asked, so that one asks for all.</summary>
    public SemaphoreSlim Asking => LazyInitializer.EnsureInitialized(ref _asking, static () => new(1));

    /// <summary>Whether any replica will do. Read without a lock: every query looks.</summary>
    public bool IsEmpty => !_any;

    /// <summary>Changes with everything that is added, raised or forgotten.</summary>
    public int Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>The primaries that a token is to carry the positions of: those that commands used, and those that queries read from since they were asked.</summary>
    public IReadOnlyList<PrimaryPositionReader> Primaries
    {
        get
        {
            lock (_gate)
                return [.. (_primaries ?? []).Union(_seen ?? [])];
        }
    }

    public bool IsPinned
    {
        get
        {
            if (IsEmpty)
                return false;

            lock (_gate)
                return _pinnedUntil is { } until && !timeProvider.IsPast(until);
        }
    }

    /// <summary>What has to be known before a primary is asked, to make sense of its answer.</summary>
    public (int Commands, int Version) Before
    {
        get
        {
            lock (_gate)
                return (_commands, _version);
        }
    }

    /// <summary>A command begins. While it runs it may commit at any time, so no answer of a primary counts for later queries.</summary>
    public void CommandBegins()
    {
        lock (_gate)
        {
            _running++;
            Ran();
        }
    }

    public void CommandEnds()
    {
        lock (_gate)
        {
            _running = Math.Max(_running - 1, 0);
            Ran();
        }
    }

    /// <summary>Something was written, or committed, that is no running command's.</summary>
    public void Wrote()
    {
        lock (_gate)
            Ran();
    }

    /// <summary>Whether a command ran so short a time ago, or is running.</summary>
    public bool RanWithin(TimeSpan window)
    {
        if (IsEmpty || window <= TimeSpan.Zero)
            return false;

        lock (_gate)
            return _running > 0 || (_command is { } at && timeProvider.UtcNow < timeProvider.LatestOf(at) + window);
    }

    /// <summary>Remembers a primary that a command used, so that a token can carry its position.</summary>
    public void Know(PrimaryPositionReader primary)
    {
        lock (_gate)
            Add(ref _primaries, primary);
    }

    /// <summary>A query has read from this primary: no later one may see less, unless <see cref="SessionPosition.IsHeld"/>.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="database">Its database, if that is known.</param>
    public void Saw(PrimaryPositionReader primary, string? database)
    {
        lock (_gate)
        {
            if (IndexOf(database) is >= 0 and var index && _marks[index].IsHeld)
                return;

            Add(ref _seen, primary);
            Changed();
        }
    }

    /// <summary>A query has seen this much on one replica of several.</summary>
    public void Saw(ReplicationPosition position)
    {
        lock (_gate)
        {
            var index = IndexOf(position.Database);
            if (index < 0)
                _marks.Add(new(position with { Value = UInt128.Zero }, position.Value, _commands - 1, IsHeld: false, timeProvider.Now));
            else if (_marks[index] is var mark && mark.Written.IsComparableTo(position) && position.Value > mark.Seen)
                _marks[index] = mark with { Seen = position.Value, At = timeProvider.Now };
            else
                return;
            Changed();
        }
    }

    /// <summary>Everything reads from the primary for as long as it would be remembered.</summary>
    public void Pin()
    {
        lock (_gate)
        {
            PinUntil(timeProvider.End);
            Changed();
        }
    }

    /// <summary>Whether a primary has to be asked before one of its replicas can be judged.</summary>
    public bool MustAsk(PrimaryPositionReader primary, string database)
    {
        lock (_gate)
            return IsUnasked(primary, IndexOf(database));
    }

    /// <summary>A primary was asked for its position.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="position">Its position.</param>
    /// <param name="before"><see cref="Before"/> it was asked.</param>
    /// <returns>False if the position went backwards: a backup was restored, or another server answered.</returns>
    public bool WasRead(PrimaryPositionReader primary, ReplicationPosition position, (int Commands, int Version) before)
    {
        lock (_gate)
        {
            var seen = _seen?.Remove(primary) == true;
            var index = IndexOf(position.Database);
            if (!seen && index < 0 && _command is null)
                return true;

            SessionPosition? known = index < 0 ? null : _marks[index];
            // What was taken over meanwhile may be newer than this answer.
            var isBackwards = known is { } mark && mark.Written.IsComparableTo(position) && position.Value < mark.Written.Value && _version == before.Version;
            // What another history had is gone with it: what this one has now is all there is to see.
            if (isBackwards || known?.Written.IsComparableTo(position) == false)
                (known, seen) = (null, true);
            var now = Advance(known ?? new(position with { Value = UInt128.Zero }, UInt128.Zero, _commands - 1, IsHeld: false, timeProvider.Now), position.Value, seen, before.Commands);
            if (index < 0)
                _marks.Add(now);
            else
                _marks[index] = now;
            Changed();
            return !isBackwards;
        }
    }

    /// <summary>A primary does not tell its position: unknown means primary, for as long as the last command is remembered.</summary>
    public void WasNotRead(PrimaryPositionReader primary)
    {
        lock (_gate)
        {
            _seen?.Remove(primary);
            if (_command is { } command)
                PinUntil(command with { Time = command.Time + timeProvider.Lifetime });
            Changed();
        }
    }

    /// <summary>Whether a replica that has replayed this much has all that the session needs of its database.</summary>
    public PositionOutcome Compare(ReplicationPosition replayed)
    {
        lock (_gate)
        {
            var index = IndexOf(replayed.Database);
            if (index < 0)
                return _command is null ? PositionOutcome.Reached : PositionOutcome.LacksOwn;

            var mark = _marks[index];
            if (!mark.Written.IsComparableTo(replayed))
                return PositionOutcome.OtherTimeline;
            // A request beside this one may have committed since this one asked. While a command runs that is so all the time.
            if (replayed.Value < mark.Written.Value || (_running == 0 && IsUnasked(mark)))
                return PositionOutcome.LacksOwn;

            var lacksSeen = replayed.Value < mark.Seen;
            if (mark.IsHeld != lacksSeen)
            {
                _marks[index] = mark with { IsHeld = lacksSeen };
                Changed();
            }

            return lacksSeen ? PositionOutcome.LacksSeen : PositionOutcome.Reached;
        }
    }

    /// <summary>Whether a replica that is known to have replayed this much need not be asked, nor its primary.</summary>
    public bool IsReachedBy(ReplicationPosition replayed, PrimaryPositionReader primary)
    {
        if (IsPinned)
            return false;

        lock (_gate)
        {
            var index = IndexOf(replayed.Database);
            return !IsUnasked(primary, index) && (index < 0 || (_marks[index].Written.IsComparableTo(replayed) && replayed.Value >= _marks[index].Required));
        }
    }

    /// <summary>Forgets what is over.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            var forgotten = _marks.RemoveAll(mark => timeProvider.IsForgotten(mark.At)) > 0;
            if (_running == 0 && _command is { } command && timeProvider.IsForgotten(command))
            {
                _command = null;
                forgotten = true;
            }

            if (_pinnedUntil is { } until && timeProvider.IsPast(until))
            {
                _pinnedUntil = null;
                forgotten = true;
            }

            if (forgotten)
                Changed();
        }
    }

    public SessionState Export()
    {
        lock (_gate)
            return new(_command, [.. _marks.Select(mark => mark with { Commands = IsUnasked(mark) ? 0 : 1 })], _pinnedUntil, Id: 0, _covered is null ? [] : [.. _covered]);
    }

    /// <summary>Takes over what a token says.</summary>
    public void Import(SessionState state)
    {
        lock (_gate)
        {
            if (state.Id != 0 && _covered?.Contains(state.Id) == true)
                return;

            foreach (var id in state.Id == 0 ? state.Covered : [state.Id])
                Cover(id);
            if (state.PinnedUntil is { } pinned)
                PinUntil(pinned);
            ImportMarks(state);
            Changed();
        }
    }

    /// <summary>Takes over what another part of the same session knows.</summary>
    public void Import(SessionPositions other)
    {
        var state = other.Export();
        var (primaries, seen) = other.Probes();
        Import(state);
        lock (_gate)
        {
            primaries.ForEach(primary => Add(ref _primaries, primary));
            seen.ForEach(primary => Add(ref _seen, primary));
            Changed();
        }
    }

    private (List<PrimaryPositionReader> Primaries, List<PrimaryPositionReader> Seen) Probes()
    {
        lock (_gate)
            return ([.. _primaries ?? []], [.. _seen ?? []]);
    }

    private void Ran()
    {
        _commands++;
        _command = timeProvider.Now;
        Changed();
    }

    private SessionPosition Advance(SessionPosition mark, UInt128 position, bool seen, int commands)
    {
        var written = _command is not null && IsUnasked(mark);
        return mark with
        {
            Written = written && position > mark.Written.Value ? mark.Written with { Value = position } : mark.Written,
            Seen = seen ? UInt128.Max(mark.Seen, position) : mark.Seen,
            Commands = written ? commands : mark.Commands,
            IsHeld = mark.IsHeld && !written,
            At = timeProvider.Now,
        };
    }

    // What a token knows of a database counts for both sides' commands only if each side asked after its own.
    private void ImportMarks(SessionState state)
    {
        var ours = _marks.ToArray();
        var isOurCommand = _command is not null;
        var databases = ours.Concat(state.Marks).Select(static mark => mark.Database).Distinct(StringComparer.Ordinal).ToList();
        var asked = databases.ConvertAll(database =>
            (!isOurCommand || Find(ours, database) is { } own && !IsUnasked(own))
            && (state.Command is null || Find(state.Marks, database) is { Commands: not 0 }));
        if (state.Command is { } theirs)
        {
            _commands++;
            if (_command is not { } known || timeProvider.LatestOf(theirs) > timeProvider.LatestOf(known))
                _command = theirs;
        }

        _marks.Clear();
        for (var index = 0; index < databases.Count; index++)
        {
            var mark = Merge(Find(ours, databases[index]), Find(state.Marks, databases[index]), out var isOneTimeline);
            // Which of two timelines is the primary's now, only the primary can tell.
            if (!isOneTimeline)
                _command ??= mark.At;
            _marks.Add(mark with { Commands = asked[index] && isOneTimeline ? _commands : _commands - 1 });
        }
    }

    private SessionPosition Merge(SessionPosition? ours, SessionPosition? theirs, out bool isOneTimeline)
    {
        isOneTimeline = true;
        if (ours is not { } one || theirs is not { } other)
            return ours ?? theirs!.Value;

        isOneTimeline = one.Written.IsComparableTo(other.Written);
        var newer = timeProvider.LatestOf(other.At) > timeProvider.LatestOf(one.At) ? other : one;
        return !isOneTimeline ? newer : newer with
        {
            Written = one.Written.Value >= other.Written.Value ? one.Written : other.Written,
            Seen = UInt128.Max(one.Seen, other.Seen),
            IsHeld = one.IsHeld && other.IsHeld,
        };
    }

    private void Cover(ulong id)
    {
        _covered ??= [];
        if (_covered.Contains(id))
            return;

        if (_covered.Count == MaxCovered)
            _covered.RemoveAt(0);
        _covered.Add(id);
    }

    private bool IsUnasked(PrimaryPositionReader primary, int index) =>
        _seen?.Contains(primary) == true || (index < 0 ? _command is not null : IsUnasked(_marks[index]));

    private bool IsUnasked(SessionPosition mark) => _command is not null && (_running > 0 || mark.Commands != _commands);

    private void PinUntil(Stamp until)
    {
        if (_pinnedUntil is not { } known || timeProvider.LatestOf(until) > timeProvider.LatestOf(known))
            _pinnedUntil = until;
    }

    private int IndexOf(string? database) => _marks.FindIndex(mark => mark.Database == database);

    private void Changed()
    {
        _version++;
        _any = _command is not null || _pinnedUntil is not null || _marks.Count > 0 || _seen is { Count: > 0 };
    }

    private static void Add(ref List<PrimaryPositionReader>? primaries, PrimaryPositionReader primary)
    {
        primaries ??= [];
        if (!primaries.Contains(primary))
            primaries.Add(primary);
    }

    private static SessionPosition? Find(IEnumerable<SessionPosition> marks, string database)
    {
        foreach (var mark in marks)
        {
            if (mark.Database == database)
                return mark;
        }

        return null;
    }
}
