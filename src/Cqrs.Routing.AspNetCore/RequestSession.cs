namespace Cqrs.Routing.AspNetCore;

/// <summary>The session of a request and how the client sent it.</summary>
/// <param name="Session">The session that the tokens were resumed into.</param>
/// <param name="Cookies">The names of the cookies with a valid token.</param>
/// <param name="ByHeader">Whether the request had the session header.</param>
internal sealed record RequestSession(RoutingSession Session, IReadOnlyList<string> Cookies, bool ByHeader)
{
    /// <summary>Gets or sets the session version that the client has.</summary>
    public int Version { get; set; } = Session.Version;

    /// <summary>Gets or sets the session's command counter at the time when the token was resumed or last written.</summary>
    public int Commands { get; set; } = Session.Commands;
}
