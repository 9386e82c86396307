using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>Holds the positions that one session wrote and saw and that a replica may not have reached. Thread safe: a user's requests run in parallel.</summary>
/// <remarks>
/// A command is only counted; the data that it wrote, and the primary it used, need not be known. The next query that wants a replica asks that replica's primary for its
/// position, unless it was asked since the count last rose.
/// </remarks>
internal sealed class SessionPositions(SessionClock clock)
{
    /// <summary>The maximum number of remembered token ids: more requests than a user's browser sends in parallel before it receives the next token.</summary>
    private const int MaxCovered = 8;

    private readonly Lock _gate = new();
    private readonly List<SessionPosition> _entries = [];
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

    /// <summary>Gets the semaphore that lets one request ask a primary on behalf of all.</summary>
    public SemaphoreSlim Asking => LazyInitializer.EnsureInitialized(ref _asking, static () => new(1));

    /// <summary>Gets whether any replica may serve. Reads without a lock, because every query reads it.</summary>
    public bool IsEmpty => !_any;

    /// <summary>Gets a number that changes whenever a position is added, raised or forgotten.</summary>
    public int Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>Gets the primaries whose positions a token carries: those that commands used, and those that queries read from since they were last asked.</summary>
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
                return _pinnedUntil is { } until && !clock.IsPast(until);
        }
    }

    /// <summary>Gets the state that has to be read before a primary is asked, in order to interpret its answer.</summary>
    public (int Commands, int Version) Before
    {
        get
        {
            lock (_gate)
                return (_commands, _version);
        }
    }

    /// <summary>Records the start of a command. It may commit at any time while it runs, so no answer of a primary counts for later queries.</summary>
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

    /// <summary>Records a write or commit outside a running command.</summary>
    public void Wrote()
    {
        lock (_gate)
            Ran();
    }

    /// <summary>Returns whether a command is running or ran within the window.</summary>
    public bool RanWithin(TimeSpan window)
    {
        if (IsEmpty || window <= TimeSpan.Zero)
            return false;

        lock (_gate)
            return _running > 0 || (_command is { } at && clock.UtcNow < clock.LatestOf(at) + window);
    }

    /// <summary>Records a primary that a command used, so that a token can carry its position.</summary>
    public void Know(PrimaryPositionReader primary)
    {
        lock (_gate)
            Add(ref _primaries, primary);
    }

    /// <summary>Records that a query read from a primary. Later queries must not see less, unless <see cref="SessionPosition.IsHeld"/>.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="database">The primary's database; null if it is not known.</param>
    public void Saw(PrimaryPositionReader primary, string? database)
    {
        lock (_gate)
        {
            if (IndexOf(database) is >= 0 and var index && _entries[index].IsHeld)
                return;

            Add(ref _seen, primary);
            Changed();
        }
    }

    /// <summary>Records the position that a query saw on one of several replicas.</summary>
    public void Saw(ReplicationPosition position)
    {
        lock (_gate)
        {
            var index = IndexOf(position.Database);
            if (index < 0)
                _entries.Add(new(position with { Value = UInt128.Zero }, position.Value, _commands - 1, IsHeld: false, clock.Now));
            else if (_entries[index] is var entry && entry.Written.IsComparableTo(position) && position.Value > entry.Seen)
                _entries[index] = entry with { Seen = position.Value, At = clock.Now };
            else
                return;
            Changed();
        }
    }

    /// <summary>Keeps all reads on the primary for the session lifetime.</summary>
    public void Pin()
    {
        lock (_gate)
        {
            PinUntil(clock.End);
            Changed();
        }
    }

    /// <summary>Returns whether a primary has to be asked before one of its replicas can be compared.</summary>
    public bool MustAsk(PrimaryPositionReader primary, string database)
    {
        lock (_gate)
            return IsUnasked(primary, IndexOf(database));
    }

    /// <summary>Records the position that a primary reported.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="position">Its position.</param>
    /// <param name="before">The value of <see cref="Before"/> before the primary was asked.</param>
    /// <returns>False if the position went backwards because a backup was restored or another server answered.</returns>
    public bool WasRead(PrimaryPositionReader primary, ReplicationPosition position, (int Commands, int Version) before)
    {
        lock (_gate)
        {
            var seen = _seen?.Remove(primary) == true;
            var index = IndexOf(position.Database);
            if (!seen && index < 0 && _command is null)
                return true;

            SessionPosition? known = index < 0 ? null : _entries[index];
            // A position that was imported meanwhile may be newer than this answer.
            var isBackwards = known is { } entry && entry.Written.IsComparableTo(position) && position.Value < entry.Written.Value && _version == before.Version;
            // Data of another timeline is gone, so the position of the current timeline is the most that can be seen.
            if (isBackwards || known?.Written.IsComparableTo(position) == false)
                (known, seen) = (null, true);
            var now = Advance(known ?? new(position with { Value = UInt128.Zero }, UInt128.Zero, _commands - 1, IsHeld: false, clock.Now), position.Value, seen, before.Commands);
            if (index < 0)
                _entries.Add(now);
            else
                _entries[index] = now;
            Changed();
            return !isBackwards;
        }
    }

    /// <summary>Records that a primary's position cannot be read. The session then reads from the primary for as long as its last command is remembered.</summary>
    public void WasNotRead(PrimaryPositionReader primary)
    {
        lock (_gate)
        {
            _seen?.Remove(primary);
            if (_command is { } command)
                PinUntil(command with { Time = command.Time + clock.Lifetime });
            Changed();
        }
    }

    /// <summary>Compares a replica's replayed position with the session's needs for its database.</summary>
    public PositionOutcome Compare(ReplicationPosition replayed)
    {
        lock (_gate)
        {
            var index = IndexOf(replayed.Database);
            if (index < 0)
                return _command is null ? PositionOutcome.Reached : PositionOutcome.LacksOwn;

            var entry = _entries[index];
            if (!entry.Written.IsComparableTo(replayed))
                return PositionOutcome.OtherTimeline;
            // A parallel request may have committed since this request asked. While a command runs, that is always possible.
            if (replayed.Value < entry.Written.Value || (_running == 0 && IsUnasked(entry)))
                return PositionOutcome.LacksOwn;

            var lacksSeen = replayed.Value < entry.Seen;
            if (entry.IsHeld != lacksSeen)
            {
                _entries[index] = entry with { IsHeld = lacksSeen };
                Changed();
            }

            return lacksSeen ? PositionOutcome.LacksSeen : PositionOutcome.Reached;
        }
    }

    /// <summary>Returns whether a replica with this known position may serve without asking it or its primary.</summary>
    public bool IsReachedBy(ReplicationPosition replayed, PrimaryPositionReader primary)
    {
        if (IsPinned)
            return false;

        lock (_gate)
        {
            var index = IndexOf(replayed.Database);
            return !IsUnasked(primary, index) && (index < 0 || (_entries[index].Written.IsComparableTo(replayed) && replayed.Value >= _entries[index].Required));
        }
    }

    /// <summary>Removes expired entries.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            var forgotten = _entries.RemoveAll(entry => clock.IsForgotten(entry.At)) > 0;
            if (_running == 0 && _command is { } command && clock.IsForgotten(command))
            {
                _command = null;
                forgotten = true;
            }

            if (_pinnedUntil is { } until && clock.IsPast(until))
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
            return new(_command, [.. _entries.Select(entry => entry with { Commands = IsUnasked(entry) ? 0 : 1 })], _pinnedUntil, Id: 0, _covered is null ? [] : [.. _covered]);
    }

    /// <summary>Adds the state of a token.</summary>
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

    /// <summary>Adds the state of another part of the same session.</summary>
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
        _command = clock.Now;
        Changed();
    }

    private SessionPosition Advance(SessionPosition entry, UInt128 position, bool seen, int commands)
    {
        var written = _command is not null && IsUnasked(entry);
        return entry with
        {
            Written = written && position > entry.Written.Value ? entry.Written with { Value = position } : entry.Written,
            Seen = seen ? UInt128.Max(entry.Seen, position) : entry.Seen,
            Commands = written ? commands : entry.Commands,
            IsHeld = entry.IsHeld && !written,
            At = clock.Now,
        };
    }

    // A token's position for a database covers the commands of both sides only if each side asked the primary after its own commands.
    private void ImportMarks(SessionState state)
    {
        var ours = _entries.ToArray();
        var isOurCommand = _command is not null;
        var databases = ours.Concat(state.Positions).Select(static entry => entry.Database).Distinct(StringComparer.Ordinal).ToList();
        var asked = databases.ConvertAll(database =>
            (!isOurCommand || Find(ours, database) is { } own && !IsUnasked(own))
            && (state.Command is null || Find(state.Positions, database) is { Commands: not 0 }));
        if (state.Command is { } theirs)
        {
            _commands++;
            if (_command is not { } known || clock.LatestOf(theirs) > clock.LatestOf(known))
                _command = theirs;
        }

        _entries.Clear();
        for (var index = 0; index < databases.Count; index++)
        {
            var entry = Merge(Find(ours, databases[index]), Find(state.Positions, databases[index]), out var isOneTimeline);
            // Only the primary can report which of the two timelines is current.
            if (!isOneTimeline)
                _command ??= entry.At;
            _entries.Add(entry with { Commands = asked[index] && isOneTimeline ? _commands : _commands - 1 });
        }
    }

    private SessionPosition Merge(SessionPosition? ours, SessionPosition? theirs, out bool isOneTimeline)
    {
        isOneTimeline = true;
        if (ours is not { } one || theirs is not { } other)
            return ours ?? theirs!.Value;

        isOneTimeline = one.Written.IsComparableTo(other.Written);
        var newer = clock.LatestOf(other.At) > clock.LatestOf(one.At) ? other : one;
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
        _seen?.Contains(primary) == true || (index < 0 ? _command is not null : IsUnasked(_entries[index]));

    private bool IsUnasked(SessionPosition entry) => _command is not null && (_running > 0 || entry.Commands != _commands);

    private void PinUntil(Stamp until)
    {
        if (_pinnedUntil is not { } known || clock.LatestOf(until) > clock.LatestOf(known))
            _pinnedUntil = until;
    }

    private int IndexOf(string? database) => _entries.FindIndex(entry => entry.Database == database);

    private void Changed()
    {
        _version++;
        _any = _command is not null || _pinnedUntil is not null || _entries.Count > 0 || _seen is { Count: > 0 };
    }

    private static void Add(ref List<PrimaryPositionReader>? primaries, PrimaryPositionReader primary)
    {
        primaries ??= [];
        if (!primaries.Contains(primary))
            primaries.Add(primary);
    }

    private static SessionPosition? Find(IEnumerable<SessionPosition> entries, string database)
    {
        foreach (var entry in entries)
        {
            if (entry.Database == database)
                return entry;
        }

        return null;
    }
}
