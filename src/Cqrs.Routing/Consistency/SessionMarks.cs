namespace Cqrs.Routing.Consistency;

/// <summary>What one session has written and seen, as far as a replica may not have it yet. Thread safe: a user's requests run in parallel.</summary>
internal sealed class SessionMarks
{
    private readonly Lock _gate = new();
    private readonly List<SessionMark> _marks = [];
    private readonly Dictionary<PrimaryProbe, int> _unread = [];
    private DateTimeOffset _pinnedUntil;
    private int _notes;
    private int _version;
    private volatile bool _any;
    private SemaphoreSlim? _reading;

    /// <summary>Whoever reads what is unread holds this.</summary>
    public SemaphoreSlim Reading => LazyInitializer.EnsureInitialized(ref _reading, static () => new(1));

    /// <summary>Whether any replica will do. Read without a lock: it is asked for every query.</summary>
    public bool IsEmpty => !_any;

    /// <summary>Changes with everything that is added or dropped.</summary>
    public int Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>The session is as new as this primary is now. Its position is read when it is first needed, which is later, and so after the commit.</summary>
    public void Note(PrimaryProbe probe, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (probe.ReadsPositions)
                _unread[probe] = ++_notes;
            else
                PinUntil(now + probe.WriteWindow);
            Changed();
        }
    }

    /// <summary>Everything reads from the primary until then.</summary>
    public void Pin(DateTimeOffset until)
    {
        lock (_gate)
        {
            PinUntil(until);
            Changed();
        }
    }

    public bool IsPinned(DateTimeOffset now)
    {
        if (IsEmpty)
            return false;

        lock (_gate)
            return now < _pinnedUntil;
    }

    /// <summary>The primaries that were noted and not read since, each with the number of its last note.</summary>
    public IReadOnlyList<KeyValuePair<PrimaryProbe, int>> Unread()
    {
        lock (_gate)
            return _unread.Count == 0 ? [] : [.. _unread];
    }

    /// <summary>A noted primary was read. If it was noted again meanwhile, it has to be read again.</summary>
    public void WasRead(PrimaryProbe probe, int note, SessionMark? mark, DateTimeOffset pinnedUntil)
    {
        lock (_gate)
        {
            if (_unread.TryGetValue(probe, out var last) && last == note)
                _unread.Remove(probe);
            if (mark is { } read)
                RaiseTo(read);
            else
                PinUntil(pinnedUntil);
            Changed();
        }
    }

    /// <summary>The session has seen, or another part of it has written, this much.</summary>
    public void Raise(SessionMark mark)
    {
        lock (_gate)
        {
            if (RaiseTo(mark))
                Changed();
        }
    }

    /// <summary>
    /// Whether a replica that has replayed this much has all that the session needs of its database. While something is unread nobody knows: a request beside
    /// this one may have committed since this one looked.
    /// </summary>
    /// <param name="replayed">The replica's position.</param>
    /// <param name="drop">Whether what it has need not be asked for again.</param>
    /// <param name="version">The version that the answer is about.</param>
    public bool AreMetBy(ReplicationPosition replayed, bool drop, out int version)
    {
        lock (_gate)
        {
            version = _version;
            if (_unread.Count > 0)
                return false;

            var index = IndexOf(replayed.Database);
            if (index < 0)
                return true;
            if (replayed.Value < _marks[index].Position.Value)
                return false;
            if (drop)
            {
                _marks.RemoveAt(index);
                Changed();
                version = _version;
            }

            return true;
        }
    }

    /// <summary>Forgets what is over.</summary>
    public void Expire(DateTimeOffset now, TimeSpan lifetime)
    {
        lock (_gate)
        {
            var removed = _marks.RemoveAll(mark => mark.TakenAt + lifetime <= now);
            var unpinned = _pinnedUntil != default && _pinnedUntil <= now;
            if (unpinned)
                _pinnedUntil = default;
            if (removed > 0 || unpinned)
                Changed();
        }
    }

    public SessionState Export()
    {
        lock (_gate)
            return new([.. _marks], _pinnedUntil);
    }

    public void Import(SessionState state)
    {
        lock (_gate)
        {
            foreach (var mark in state.Marks)
                RaiseTo(mark);
            PinUntil(state.PinnedUntil);
            Changed();
        }
    }

    /// <summary>Takes over what another part of the same session knows.</summary>
    public void Import(SessionMarks other)
    {
        Import(other.Export());
        foreach (var (probe, _) in other.Unread())
        {
            lock (_gate)
            {
                _unread[probe] = ++_notes;
                Changed();
            }
        }
    }

    private bool RaiseTo(SessionMark mark)
    {
        var index = IndexOf(mark.Position.Database);
        if (index >= 0)
        {
            if (mark.Position.Value <= _marks[index].Position.Value)
                return false;
            _marks[index] = mark;
            return true;
        }

        _marks.Add(mark);
        return true;
    }

    private void PinUntil(DateTimeOffset until)
    {
        if (until > _pinnedUntil)
            _pinnedUntil = until;
    }

    private int IndexOf(string database) => _marks.FindIndex(mark => mark.Position.Database == database);

    private void Changed()
    {
        _version++;
        _any = _marks.Count > 0 || _unread.Count > 0 || _pinnedUntil != default;
    }
}
