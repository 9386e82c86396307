using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Consistency;

/// <summary>Signs and reads tokens. Singleton; thread safe.</summary>
internal sealed class SessionTokens(IOptions<RoutingOptions> options, TimeProvider clock, IDataProtectionProvider? protection = null)
{
    /// <summary>How far the clocks of an application's servers may be apart; time servers keep them within milliseconds.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>In characters. Eight marks with the longest names stay below it.</summary>
    public const int MaxLength = 2048;

    private const string Purpose = "Cqrs.Routing.RoutingSession";

    private readonly IDataProtector? _protector = protection?.CreateProtector(Purpose);

    public TimeSpan Lifetime { get; } = options.Value.TokenLifetime;

    private IDataProtector Protector => _protector ?? throw new InvalidOperationException(
        "A session's token is signed with ASP.NET Core Data Protection, which is not registered. Call services.AddDataProtection(); applications that "
        + "exchange tokens share its keys and its application name (PersistKeysTo..., SetApplicationName).");

    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    public string Protect(SessionState state) => Base64Url.EncodeToString(Protector.Protect(TokenFormat.Encode(state, clock.GetUtcNow() + Lifetime)));

    /// <summary>What a token says, as far as it still counts; null with the reason if it is to be ignored.</summary>
    /// <exception cref="InvalidOperationException">Data Protection is not registered.</exception>
    public SessionState? Read(string token, out TokenProblem problem)
    {
        var protector = Protector;
        if (token.Length > MaxLength)
        {
            problem = TokenProblem.TooLong;
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = protector.Unprotect(Base64Url.DecodeFromChars(token));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            problem = TokenProblem.Unreadable;
            return null;
        }

        var state = TokenFormat.Decode(bytes);
        problem = state is null ? TokenProblem.UnknownVersion : Judge(ref state);
        return problem == TokenProblem.None ? state : null;
    }

    private TokenProblem Judge(ref SessionState state)
    {
        var now = clock.GetUtcNow();
        if (state.PinnedUntil > now + Lifetime + ClockSkew || state.Marks.Any(mark => mark.TakenAt > now + ClockSkew))
            return TokenProblem.FromTheFuture;

        var marks = state.Marks.Where(mark => mark.TakenAt + Lifetime > now).ToList();
        state = new(marks, state.PinnedUntil > now ? state.PinnedUntil : default);
        return state.IsEmpty ? TokenProblem.Expired : TokenProblem.None;
    }
}
