namespace Cqrs.Routing.AspNetCore;

/// <summary>What a request brought along.</summary>
/// <param name="Session">The session that it was put into.</param>
/// <param name="Cookies">The names of the cookies that counted.</param>
/// <param name="ByHeader">Whether there was something in the header.</param>
internal sealed record RequestSession(RoutingSession Session, IReadOnlyList<string> Cookies, bool ByHeader)
{
    /// <summary>The version that the client knows.</summary>
    public int Version { get; set; } = Session.Version;

    /// <summary>What had run when the client's token was taken up.</summary>
    public int Commands { get; set; } = Session.Commands;
}
