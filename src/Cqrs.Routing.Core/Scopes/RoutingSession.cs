using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Transactions;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Scopes;
using Cqrs.Routing.Sessions;

namespace Cqrs.Routing;

/// <summary>Holds the positions that one user wrote and saw, so that no later query shows older data. A token carries it from request to request.</summary>
/// <remarks>
/// There is one per dependency injection scope, registered by <c>AddRoutingBehavior</c> and <c>AddCqrsRoutingCore</c>. Requests of one scope may run in parallel: all members are thread safe. Requests
/// that run inside one another share their sessions' state, also across scopes.
/// </remarks>
public sealed class RoutingSession : IDisposable
{
    // Either the shared services, or the state of this session with the services. Most sessions only read and need no state.
    private object _state;

    internal RoutingSession(SessionServices services) => _state = services;

    /// <summary>Gets the session of the running code: that of the request, or of <see cref="Begin"/>; null outside both.</summary>
    public static RoutingSession? Current => RouteFrame.CurrentSession;

    /// <summary>Gets the positions that a replica must have replayed before this session reads from it, as far as primaries were asked.</summary>
    public IReadOnlyList<ReplicationPosition> Positions => [.. SessionPositions.Export().Positions.Select(entry => entry.Written with { Value = entry.Required })];

    /// <summary>Gets a number that changes whenever the session records a write or a read. If the number is unchanged, the token is unchanged.</summary>
    public int Version => ExistingPositions?.Version ?? 0;

    /// <summary>Gets a counter that rises when a command or an unclassified request begins and ends, and with every other write that the session records.</summary>
    public int Commands => ExistingPositions?.Before.Commands ?? 0;

    /// <summary>Gets whether any replica may serve, which is the case for every session that has run no command.</summary>
    internal bool IsBlank => ExistingPositions is null or { IsEmpty: true };

    internal SessionPositions SessionPositions => EnsureState().EnsurePositions();

    internal SessionServices Services => _state as SessionServices ?? ((State)_state).Services;

    private SessionPositions? ExistingPositions => (_state as State)?.Positions;

    /// <summary>Makes this the session of all code that runs until the result is disposed, also of code that does not use the mediator.</summary>
    /// <returns>An object to dispose in the calling method. Disposing it ends the session's scope.</returns>
    /// <remarks>Inside a request, that request's rules still apply. Inside a request or another session, the two share their state from then on.</remarks>
    public IDisposable Begin()
    {
        NoteCarried();
        if (Current is { } running)
            ShareWith(running);
        var frame = RouteFrame.ForSession(this);
        frame.Begin();
        return frame;
    }

    /// <summary>Adds the state of a token that an earlier request, or another application with the same keys, created.</summary>
    /// <param name="token">The token. Null or empty has no effect.</param>
    /// <returns>Whether the token was accepted. A token that is forged, truncated, foreign or expired is ignored, and counted in <c>cqrs.routing.tokens.ignored</c>.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    /// <remarks>
    /// Several tokens add up: the newest position of each database counts. The clocks of two servers may differ by a minute. A token from further in the future makes the
    /// session read from the primary for <see cref="RoutingOptions.SessionLifetime"/>.
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

    /// <summary>Creates a token that lets a later request see all of this session's data. Send it in a cookie, a header, a message or a job's arguments.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>An opaque token of at most 2,048 characters that are valid in a URL; null if any replica may serve.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    /// <remarks>
    /// The token carries the positions of the primaries that commands of this session used. They are asked if a command ran since the last time. For any other primary,
    /// such as that of a context without <c>UseReplica</c>, the token records that a command ran. The first query that wants a replica of such a primary asks it. Call
    /// this method after the commit: a position that is read inside a transaction does not cover the writes of the transaction.
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

    /// <summary>Creates a token that records only that a command ran: the next request asks the primary. Use it if there is no room for one token per response.</summary>
    /// <returns>An opaque token that is valid in a URL. It may replace any other token that this method created for the same user, because all of them ask for the same.</returns>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    public string CreateAskToken()
    {
        NoteCarried();
        return Services.Tokens.Protect(new(Services.Clock.Now, [], PinnedUntil: null, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), []));
    }

    /// <summary>Creates a token that records only that the session reads from the primary, and until when. Any two such tokens are equivalent.</summary>
    internal string? CreatePinToken() => SessionPositions.Export().PinnedUntil is { } until && IsPinned ? Services.Tokens.Protect(new(Command: null, [], until, Id: 0, [])) : null;

    /// <summary>
    /// Records a write that the library cannot see: outside any request, through a context without <c>UseReplica</c> or with another library. Call it after the commit.
    /// </summary>
    /// <remarks>Commands, unclassified requests, and changes that a context with <c>UseReplica</c> saves, are recorded automatically.</remarks>
    public void NoteWrite() => SessionPositions.Wrote();

    /// <summary>Makes the session read from the primary for <see cref="RoutingOptions.SessionLifetime"/>, regardless of the replica's position.</summary>
    public void PinToPrimary() => SessionPositions.Pin();

    /// <summary>Gets whether the middleware, or code that uses tokens, carries the session from scope to scope.</summary>
    internal bool IsCarried => _state is State { IsCarried: true };

    /// <summary>Gets whether a command ran that has not expired yet.</summary>
    internal bool RanCommand => !IsBlank && SessionPositions.Export().Command is not null;

    internal void NoteWhenCompleted(Transaction transaction) => transaction.TransactionCompleted += (_, e) =>
    {
        if (e.Transaction?.TransactionInformation.Status != TransactionStatus.Aborted)
            NoteWrite();
    };

    internal bool IsPinned => !IsBlank && SessionPositions.IsPinned;

    internal bool RanCommandWithin(TimeSpan window) => !IsBlank && SessionPositions.RanWithin(window);

    internal void Saw(PrimaryPositionReader primary) => SessionPositions.Saw(primary, Services.DatabaseOf(primary));

    /// <summary>Ensures that a primary was asked for its position since the session's last command, and that its database is known.</summary>
    /// <param name="primary">The primary.</param>
    /// <param name="span">The maximum age of the newest sample of the primary's position; null if no sample is needed.</param>
    /// <param name="async">Whether to wait asynchronously.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="again">Whether to ask even if the position is known.</param>
    /// <returns>False if the primary's position cannot be read. A session that ran a command then reads from the primary for as long as the command is remembered.</returns>
    internal async ValueTask<bool> AskPrimaryAsync(PrimaryPositionReader primary, TimeSpan? span, bool async, CancellationToken cancellationToken, bool again = false)
    {
        var positions = SessionPositions;
        // One request asks; the others of the same session wait for its answer.
        if (async)
            await positions.Asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        else
            positions.Asking.Wait(cancellationToken);
        try
        {
            if (!again && Services.DatabaseOf(primary) is { } database && !positions.MustAsk(primary, database) && !(span is { } limit && Services.IsSampleDue(primary, limit)))
                return true;

            var before = positions.Before;
            var reading = await Services.ReadAsync(primary, async, cancellationToken).ConfigureAwait(false);
            if (reading.Position is not { } position)
            {
                positions.WasNotRead(primary);
                return false;
            }

            if (!positions.WasRead(primary, position, before))
            {
                Services.ReportBackwards(position);
                positions.Pin();
            }

            return true;
        }
        finally
        {
            positions.Asking.Release();
        }
    }

    /// <summary>Returns why a replica may not serve this session, by its replayed position; null if it may.</summary>
    /// <param name="primary">The replica's primary.</param>
    /// <param name="replayed">The position that the replica has replayed.</param>
    /// <param name="maxStaleness">The maximum age of its answer; null for no limit.</param>
    internal RouteReason? FindShortfall(PrimaryPositionReader primary, ReplicationPosition replayed, TimeSpan? maxStaleness)
    {
        if (Services.IsOnOtherTimeline(primary, replayed))
            return RouteReason.NotAReplica;

        return SessionPositions.Compare(replayed) switch
        {
            PositionOutcome.OtherTimeline => RouteReason.NotAReplica,
            not PositionOutcome.Reached => RouteReason.NotCaughtUp,
            // If the replica has a position that the primary had at some time, its data is no older than that time.
            _ => maxStaleness is not { } limit || Services.GetHistory(replayed).HadAtMost(replayed.Value, limit) ? null : RouteReason.TooStale,
        };
    }

    internal void Expire()
    {
        if (!IsBlank)
            SessionPositions.Expire();
    }

    /// <summary>Shares the state with the session of an outer request, because this session's scope runs inside it.</summary>
    internal void ShareWith(RoutingSession outer)
    {
        if (ReferenceEquals(this, outer) || ReferenceEquals(ExistingPositions, outer.SessionPositions))
            return;

        NoteCarried();
        if (ExistingPositions is { } own)
            outer.SessionPositions.Import(own);
        EnsureState().Positions = outer.SessionPositions;
    }

    /// <summary>Ends the session with its scope. The container calls it; other code need not.</summary>
    void IDisposable.Dispose()
    {
        if (!IsCarried && !IsBlank)
            Services.WasLeft(RanCommand);
    }

    // Code that resumes a session or passes it on handles sessions deliberately.
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
        public SessionPositions? Positions;
        public volatile bool IsCarried;

        public SessionPositions EnsurePositions() => Positions ?? Interlocked.CompareExchange(ref Positions, new(Services.Clock), null) ?? Positions;
    }
}
