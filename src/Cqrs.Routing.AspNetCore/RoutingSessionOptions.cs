using Microsoft.AspNetCore.Http;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Configures how a session's token is carried from request to request. Read when the first request arrives.</summary>
public sealed class RoutingSessionOptions
{
    /// <summary>Gets or sets whether cookies carry the token.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool UseCookies { get; set; } = true;

    /// <summary>
    /// Gets the builder of the cookies. Its name is a prefix: every response that changes the session writes a cookie with its own name.
    /// </summary>
    /// <value>
    /// Default <c>.Cqrs.Routing.</c>, HttpOnly, SameSite=Lax, Secure if the request is, with the application's own path. Essential, because it lets
    /// pages show data that was just saved, and holds no information about the user. Expires after <see cref="RoutingOptions.SessionLifetime"/>.
    /// </value>
    public CookieBuilder Cookie { get; } = new()
    {
        Name = ".Cqrs.Routing.",
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        SecurePolicy = CookieSecurePolicy.SameAsRequest,
        IsEssential = true,
    };

    /// <summary>
    /// Gets or sets the name of the header that also carries the token, for clients without cookies. The client sends back the last value that it
    /// received. Null for no header.
    /// </summary>
    /// <value>
    /// Default <c>Routing-Session</c>. A client with parallel requests may send several values, separated by commas. After an empty value in a
    /// response the client drops its value. Browsers let scripts of other origins read the header only with the CORS option
    /// <c>WithExposedHeaders</c>.
    /// </value>
    public string? HeaderName { get; set; } = "Routing-Session";
}
