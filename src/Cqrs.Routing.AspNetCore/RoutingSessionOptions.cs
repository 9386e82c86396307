using Microsoft.AspNetCore.Http;

namespace Cqrs.Routing.AspNetCore;

/// <summary>How a session's token goes from request to request. Read when the first request comes.</summary>
public sealed class RoutingSessionOptions
{
    /// <summary>Whether cookies carry it.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool UseCookies { get; set; } = true;

    /// <summary>The cookies. The name is only how it begins: every response that has something new writes a cookie under a name of its own.</summary>
    /// <value>
    /// Default <c>.Cqrs.Routing.</c>, HttpOnly, SameSite=Lax, Secure where the request is, for the application's own path. Essential, since it makes pages
    /// show what was just saved and tells nothing about the user. It expires with <see cref="RoutingOptions.SessionLifetime"/>.
    /// </value>
    public CookieBuilder Cookie { get; } = new()
    {
        Name = ".Cqrs.Routing.",
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        SecurePolicy = CookieSecurePolicy.SameAsRequest,
        IsEssential = true,
    };

    /// <summary>The header that carries it too, for clients without cookies: they send back what they got last. Null for none.</summary>
    /// <value>
    /// Default <c>Routing-Session</c>. A client with requests in parallel may send several, separated by commas. Empty in a response: drop it. Browsers let scripts of
    /// other origins read it only with CORS's <c>WithExposedHeaders</c>.
    /// </value>
    public string? HeaderName { get; set; } = "Routing-Session";
}
