using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Transactions;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.Sessions;

namespace Cqrs.Routing;

/// <summary>What one user has written and seen, so that no query shows less. Goes from request to request as a token.</summary>
/// <remarks>
/// One per dependency injection scope, registered by <c>AddRoutingBehavior</c>. Requests of one scope may run in parallel: its members are thread safe.
/// Requests that run inside one another share what they know, also across scopes.
/// </remarks>
public sealed class RoutingSession : IDisposable
{
    // The services that all sessions share, or what this one has as well: most only read, and have nothing.
    private object _state;

    internal RoutingSession(SessionServices services) => _state = services;

    /// <summary>The session of the code that is running: of the request, or of <see cref="Begin"/>; null outside both.</summary>
    public static RoutingSession? Current => RouteFrame.CurrentSession;

    /// <summary>The positions that a replica must have replayed before this session reads from it, as far as primaries were asked.</summary>
    public IReadOnlyList<ReplicationPosition> Positions => [.. SessionPositions.Export().Marks.Select(mark => mark.Written with { Value = mark.Required })];

    /// <summary>Changes with what the session has written or seen: the same number, the same token.</summary>
    public int Version => ExistingPositions?.Version ?? 0;

    /// <summary>Goes up with every command, unclassified request and other write that the session hears of, when it begins and when it ends.</summary>
    public int Commands => ExistingPositions?.Before.Commands ?? 0;

    /// <summary>Whether any replica will do: so it is for every session that has run no command.</summary>
    internal bool IsBlank => ExistingPositions is null or { IsEmpty: true };

    internal SessionPositions SessionPositions => EnsureState().EnsureMarks();

    internal SessionServices Services => _state as SessionServices ?? ((State)_state).Services;

    private SessionPositions? ExistingPositions => (_state as State)?.Marks;

    /// <summary>Makes this the session of all that runs until the result is disposed, also of what does not go through the mediator.</summary>
    /// <returns>Dispose it in the method that called.</returns>
    /// <remarks>Inside a request that request's rules go on. Inside a request, or another session that was begun, the two share what they know from then on.</remarks>
    public IDisposable Begin()
    {
        NoteCarried();
        if (Current is { } running)
            ShareWith(running);
        var frame = RouteFrame.ForSession(this);
        frame.Begin();
        return frame;
    }

    /// <summary>Takes up what an earlier request, or another application with the same keys, left in a token.</summary>
    /// <param name="token">The token; null or empty does nothing.</param>
    /// <returns>Whether it counted. A token that is forged, truncated, foreign or expired is ignored, and counted in <c>cqrs.routing.tokens.ignored</c>.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    /// <remarks>
    /// Several tokens add up: the newest position of each database counts. The clocks of two servers may be a minute apart; a token that is from further in the future than that makes the session read from
    /// the primary for <see cref="RoutingOptions.SessionLifetime"/>.
    /// </remarks>
    public bool TryResume([NotNullWhen(true)] string? token)
    {
        NoteCarried();
        if (string.IsNullOrEmpty(token))
            return false;

        var state = Services.Tokens.Read(token, out var problem);
        if (state is null)
        {
            RoutingMetrics.CountIgnoredToken(problem.ToString());
            return false;
        }

        SessionPositions.Import(state);
        return true;
    }

    /// <summary>What a later request needs in order to see all of this: for a cookie, a header, a message, a job's arguments.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>An opaque token of at most 2,048 characters that fit into a URL; null if any replica will do.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    /// <remarks>
    /// Carries the positions of the primaries that commands of this session used, which are asked if a command ran since the last time. Of any other, such as that of a context without
    /// <c>UseReplica</c>, it carries that a command ran: the first query that wants a replica of it asks. Call it after the commit: a position that is read inside a transaction says nothing about
    /// what the transaction writes.
    /// </remarks>
    public async ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        NoteCarried();
        if (IsBlank)
            return null;

        Expire();
        foreach (var primary in SessionPositions.Primaries)
        {
            if (primary.ReadsPositions)
                await AskPrimaryAsync(primary, span: null, async: true, cancellationToken).ConfigureAwait(false);
        }

        var state = SessionPositions.Export();
        return state.IsEmpty ? null : Services.Tokens.Protect(state);
    }

    /// <summary>Makes a token that says only that a command ran: the next request has the primary asked. For a carrier without room for a token per response.</summary>
    /// <returns>An opaque token that fits into a URL. It may take the place of any other that this method made for the same user, as each asks for the same.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    public string CreateAskToken()
    {
        NoteCarried();
        return Services.Tokens.Protect(new(Services.Clock.Now, [], PinnedUntil: null, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), []));
    }

    /// <summary>Makes a token that says only that the session reads from the primary, and for how long. Any two of them are as good.</summary>
    internal string? CreatePinToken() => SessionPositions.Export().PinnedUntil is { } until && IsPinned ? Services.Tokens.Protect(new(Command: null, [], until, Id: 0, [])) : null;

    /// <summary>Notes a write that nothing else tells of: outside any request, through a context without <c>UseReplica</c> or another library. Call it after the commit.</summary>
    /// <remarks>A command, an unclassified request, and what a context with <c>UseReplica</c> saves, are noted without it.</remarks>
    public void NoteWrite() => SessionPositions.Wrote();

    /// <summary>Everything reads from the primary for as long as a token lives, whatever the replica says.</summary>
    public void PinToPrimary() => SessionPositions.Pin();

    /// <summary>Whether somebody carries it from scope to scope: the middleware, or code that uses tokens.</summary>
    internal bool IsCarried => _state is State { IsCarried: true };

    /// <summary>Whether a command ran that is still remembered.</summary>
    internal bool RanCommand => !IsBlank && SessionPositions.Export().Command is not null;

    internal void NoteWhenCompleted(Transaction transaction) => transaction.TransactionCompleted += (_, e) =>
    {
        if (e.Transaction?.TransactionInformation.Status != TransactionStatus.Aborted)
            NoteWrite();
    };

    internal bool IsPinned => !IsBlank && SessionPositions.IsPinned;

    internal bool RanCommandWithin(TimeSpan window) => !IsBlank && SessionPositions.RanWithin(window);

    internal void Saw(PrimaryPositionReader primary) => SessionPositions.Saw(primary, Services.DatabaseOf(primary));

    /// <summary>Makes sure that a primary was asked for its position since the session's last command, and that its database is known.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="span">How old the newest sample of where the primary is may be; null if none is needed.</param>
    /// <param name="async">Whether to wait asynchronously.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="again">Whether to ask in any case.</param>
    /// <returns>False if the primary does not tell. Then the session, if it ran a command, reads from the primary for as long as that is remembered.</returns>
    internal async ValueTask<bool> AskPrimaryAsync(PrimaryPositionReader primary, TimeSpan? span, bool async, CancellationToken cancellationToken, bool again = false)
    {
        var marks = SessionPositions;
        // One asks, the others of the same session wait for the answer.
        if (async)
            await marks.Asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        else
            marks.Asking.Wait(cancellationToken);
        try
        {
            if (!again && Services.DatabaseOf(primary) is { } database && !marks.MustAsk(primary, database) && !(span is { } limit && Services.IsSampleDue(primary, limit)))
                return true;

            var before = marks.Before;
            var reading = await Services.ReadAsync(primary, async, cancellationToken).ConfigureAwait(false);
            if (reading.Position is not { } position)
            {
                marks.WasNotRead(primary);
                return false;
            }

            if (!marks.WasRead(primary, position, before))
            {
                Services.ReportBackwards(position);
                marks.Pin();
            }

            return true;
        }
        finally
        {
            marks.Asking.Release();
        }
    }

    /// <summary>Finds why a replica may not serve this session, by what it has replayed; null if it may.</summary>
    /// <param name="primary">The replica's primary.</param>
    /// <param name="replayed">What the replica has replayed.</param>
    /// <param name="maxStaleness">How old its answer may be; null for as old as it is.</param>
    /// <param name="context">The context type, for the log.</param>
    internal RouteReason? FindShortfall(PrimaryPositionReader primary, ReplicationPosition replayed, TimeSpan? maxStaleness, Type context)
    {
        if (!Services.IsReplicaOf(primary, replayed, context))
            return RouteReason.PositionUnknown;
        if (Services.IsOnOtherTimeline(primary, replayed))
            return RouteReason.NotAReplica;

        return SessionPositions.Compare(replayed) switch
        {
            PositionOutcome.OtherTimeline => RouteReason.NotAReplica,
            not PositionOutcome.Reached => RouteReason.NotCaughtUp,
            // What the primary had at a time, and the replica has now, is no older than that time.
            _ => maxStaleness is not { } limit || Services.GetHistory(replayed).HadAtMost(replayed.Value, limit) ? null : RouteReason.TooStale,
        };
    }

    internal void Expire()
    {
        if (!IsBlank)
            SessionPositions.Expire();
    }

    /// <summary>This session's scope runs inside another's request: from here on they are one.</summary>
    internal void ShareWith(RoutingSession outer)
    {
        if (ReferenceEquals(this, outer) || ReferenceEquals(ExistingPositions, outer.SessionPositions))
            return;

        NoteCarried();
        if (ExistingPositions is { } own)
            outer.SessionPositions.Import(own);
        EnsureState().Marks = outer.SessionPositions;
    }

    /// <summary>The container ends the session's scope. Nobody else has to call it.</summary>
    void IDisposable.Dispose()
    {
        if (!IsCarried && !IsBlank)
            Services.WasLeft(RanCommand);
    }

    // Who takes up a session, or hands it on, knows that there are sessions.
    private void NoteCarried() => EnsureState().IsCarried = true;

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
        public SessionPositions? Marks;
        public volatile bool IsCarried;

        public SessionPositions EnsureMarks() => Marks ?? Interlocked.CompareExchange(ref Marks, new(Services.Clock), null) ?? Marks;
    }
}
