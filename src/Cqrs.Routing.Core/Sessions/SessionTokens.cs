using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Sessions;

/// <summary>Signs and reads tokens. Singleton; thread safe.</summary>
internal sealed class SessionTokens(IOptions<RoutingOptions> options, TimeProvider timeProvider, IDataProtectionProvider? protection = null)
{
    /// <summary>The maximum length of a token, in characters. Eight positions with the longest names stay below it.</summary>
    public const int MaxLength = 2048;

    private const string Purpose = "Cqrs.Routing.RoutingSession";

    private readonly IDataProtector? _protector = protection?.CreateProtector(Purpose);

    /// <summary>Gets the clock that determines the age of a token's content.</summary>
    public SessionClock Clock { get; } = new(timeProvider, options.Value.SessionLifetime);

    private IDataProtector Protector => _protector ?? throw new InvalidOperationException(
        "Session tokens are signed with ASP.NET Core Data Protection, which is not registered. Call services.AddDataProtection(); applications that "
        + "exchange tokens must share its keys and its application name (PersistKeysTo..., SetApplicationName). [CR240]");

    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    public string Protect(SessionState state) => Base64Url.EncodeToString(Protector.Protect(TokenSerializer.Encode(state, Clock.End)));

    /// <summary>Reads the content of a token that has not expired. Returns null, with the reason, if the token is to be ignored.</summary>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    public SessionState? Read(string token, out TokenRejection problem)
    {
        var protector = Protector;
        if (token.Length > MaxLength)
        {
            problem = TokenRejection.TooLong;
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = protector.Unprotect(Base64Url.DecodeFromChars(token));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            problem = TokenRejection.Unreadable;
            return null;
        }

        var state = TokenSerializer.Decode(bytes);
        problem = state is null ? TokenRejection.UnknownVersion : Judge(ref state);
        return problem == TokenRejection.None ? state : null;
    }

    // A token from the future is never dropped. One of two clocks is wrong by more than the accepted skew, so the token's age is unknown.
    private TokenRejection Judge(ref SessionState state)
    {
        if (state.Command is { } ran)
            Clock.Saw(ran);
        foreach (var position in state.Positions)
            Clock.Saw(position.At);
        if (IsFromTheFuture(state))
        {
            state = state with { Command = state.Command is null ? null : Clock.Now, Positions = [.. state.Positions.Select(position => position with { At = Clock.Now })], PinnedUntil = Clock.End };
            return TokenRejection.None;
        }

        state = state with
        {
            Command = state.Command is { } command && Clock.IsForgotten(command) ? null : state.Command,
            Positions = [.. state.Positions.Where(position => !Clock.IsForgotten(position.At))],
            PinnedUntil = state.PinnedUntil is { } until && Clock.IsPast(until) ? null : state.PinnedUntil,
        };
        return state.IsEmpty ? TokenRejection.Expired : TokenRejection.None;
    }

    private bool IsFromTheFuture(SessionState state) =>
        (state.Command is { } command && Clock.IsFuture(command))
        || (state.PinnedUntil is { } until && Clock.IsFuture(until with { Time = until.Time - Clock.Lifetime }))
        || state.Positions.Any(position => Clock.IsFuture(position.At));
}
