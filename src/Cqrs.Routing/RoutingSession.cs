using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.Consistency;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Routing;

namespace Cqrs.Routing;

/// <summary>What one user has written and seen, so that no query shows less. Goes from request to request as a token.</summary>
/// <remarks>
/// One per dependency injection scope, registered by <c>AddRoutingBehavior</c>. Requests of one scope may run in parallel: its members are thread safe.
/// Requests that run inside one another share what they know, also across scopes.
/// </remarks>
public sealed class RoutingSession
{
    // The services that all sessions share, or what this one has as well: most only read, and have nothing.
    private object _state;

    internal RoutingSession(SessionServices services) => _state = services;

    /// <summary>The session of the code that is running: of the request, or of <see cref="Begin"/>; null outside both.</summary>
    public static RoutingSession? Current => RouteFrame.CurrentSession;

    /// <summary>The positions that a replica must have replayed before this session reads from it. What was written and not asked for since is not among them.</summary>
    public IReadOnlyList<ReplicationPosition> Positions => [.. Marks.Export().Marks.Select(mark => mark.Position)];

    /// <summary>Changes with what the session has written or seen: the same number, the same token.</summary>
    public int Version => KnownMarks?.Version ?? 0;

    /// <summary>Whether any replica will do: so it is for every session that has not written.</summary>
    internal bool IsBlank => KnownMarks is null or { IsEmpty: true };

    internal SessionMarks Marks => LazyInitializer.EnsureInitialized(ref EnsureState().Marks);

    internal SessionServices Services => _state as SessionServices ?? ((State)_state).Services;

    private SessionMarks? KnownMarks => (_state as State)?.Marks;

    /// <summary>Makes this the session of all that runs until the result is disposed, also of what does not go through the mediator.</summary>
    /// <returns>Dispose it in the method that called.</returns>
    /// <remarks>Inside a request that request's rules go on, and the two sessions share what they know.</remarks>
    public IDisposable Begin()
    {
        if (RouteFrame.Current?.Session is { } running)
            ShareWith(running);
        var frame = RouteFrame.ForSession(this);
        frame.Enter();
        return frame;
    }

    /// <summary>Takes up what an earlier request, or another application with the same keys, left in a token.</summary>
    /// <param name="token">The token; null or empty does nothing.</param>
    /// <returns>Whether it counted. A token that is forged, truncated, foreign, expired or from the future is ignored, and counted in <c>cqrs.routing.tokens.ignored</c>.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    /// <remarks>Several tokens add up: the newest position of each database counts.</remarks>
    public bool Resume([NotNullWhen(true)] string? token)
    {
        if (string.IsNullOrEmpty(token))
            return false;

        var state = Services.Tokens.Read(token, out var problem);
        if (state is null)
        {
            RoutingMeter.CountIgnoredToken(problem.ToString());
            return false;
        }

        Marks.Import(state);
        return true;
    }

    /// <summary>What a later request needs in order to see all of this: for a cookie, a header, a message, a job's arguments.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>An opaque token of at most 2,048 characters that fit into a URL; null if any replica will do.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    /// <remarks>
    /// Reads the primary's position if the session wrote since the last time. Call it after the commit: a position that is read inside a transaction
    /// says nothing about what the transaction writes.
    /// </remarks>
    public async ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        if (IsBlank)
            return null;

        await ReadPositionsAsync(async: true, cancellationToken).ConfigureAwait(false);
        Expire();
        var state = Marks.Export();
        return state.IsEmpty ? null : Services.Tokens.Protect(state);
    }

    /// <summary>Everything reads from the primary for as long as a token lives, whatever the replica says.</summary>
    public void RequirePrimary() => Marks.Pin(Services.Now + Services.Tokens.Lifetime);

    internal bool IsPinned => !IsBlank && Marks.IsPinned(Services.Now);

    internal void Note(PrimaryProbe probe) => Marks.Note(probe, Services.Now);

    internal void Saw(ReplicationPosition position) => Marks.Raise(new(position, Services.Now));

    /// <summary>Reads what was noted, once each. What cannot be read pins the session: unknown means primary.</summary>
    internal async ValueTask ReadPositionsAsync(bool async, CancellationToken cancellationToken)
    {
        var marks = Marks;
        if (marks.IsEmpty || marks.Unread().Count == 0)
            return;

        // One reads, the others of the same session wait for what it finds.
        if (async)
            await marks.Reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        else
            marks.Reading.Wait(cancellationToken);
        try
        {
            foreach (var (probe, note) in marks.Unread())
            {
                var readAt = Services.Now;
                var reading = await Services.ReadAsync(probe, async, cancellationToken).ConfigureAwait(false);
                marks.WasRead(probe, note, reading.Position is { } position ? new(position, readAt) : null, readAt + Services.Tokens.Lifetime);
            }
        }
        finally
        {
            marks.Reading.Release();
        }
    }

    internal void Expire() => Marks.Expire(Services.Now, Services.Tokens.Lifetime);

    /// <summary>This session's scope runs inside another's request: from here on they are one.</summary>
    internal void ShareWith(RoutingSession outer)
    {
        if (ReferenceEquals(this, outer) || ReferenceEquals(KnownMarks, outer.Marks))
            return;

        if (KnownMarks is { } own)
            outer.Marks.Import(own);
        EnsureState().Marks = outer.Marks;
    }

    private State EnsureState()
    {
        if (_state is State known)
            return known;

        var state = new State(Services);
        return Interlocked.CompareExchange(ref _state, state, state.Services) as State ?? state;
    }

    private sealed class State(SessionServices services)
    {
        public readonly SessionServices Services = services;
        public SessionMarks? Marks;
    }
}
