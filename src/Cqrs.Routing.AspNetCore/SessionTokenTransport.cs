using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.AspNetCore;

/// <summary>Reads tokens from requests and writes them to responses. Singleton; thread safe.</summary>
/// <remarks>
/// <para>
/// Responses to one user may arrive in any order, and a later one may carry an older state. Therefore a response never overwrites the cookie of
/// another response. Each response writes a cookie with its own name. It deletes the cookies that its request carried, because the new token contains
/// them.
/// </para>
/// <para>
/// If too many cookies would accumulate, one shared cookie is written instead. It records only that a command ran, so the order of the responses does
/// not matter.
/// </para>
/// </remarks>
internal sealed class SessionTokenTransport(IOptions<RoutingSessionOptions> options, IOptions<RoutingOptions> routing, TimeProvider timeProvider)
{
    private readonly RoutingSessionOptions _options = options.Value;
    private readonly TimeSpan _lifetime = routing.Value.SessionLifetime;
    private readonly CookieBudget _budget = new(timeProvider);

    private string Prefix => _options.Cookie.Name!;

    private string AskCookie => Prefix + "ask";

    private string PinCookie => Prefix + "pin";

    public RequestSession Resume(HttpRequest request, RoutingSession session)
    {
        List<string>? cookies = null;
        if (_options.UseCookies)
        {
            foreach (var (name, token) in request.Cookies)
            {
                // A cookie without a valid token may belong to another application on the same host. It is left in place and expires by itself.
                if (name.StartsWith(Prefix, StringComparison.Ordinal) && name != AskCookie && session.TryResume(token) && name != PinCookie)
                    (cookies ??= []).Add(name);
            }

            // Read last, because another token may show that the primary was already asked.
            if (request.Cookies.TryGetValue(AskCookie, out var ask))
                session.TryResume(ask);
        }

        return new(session, cookies ?? [], ByHeader: ResumeHeader(request, session));
    }

    /// <summary>Writes the session's token to the response if the session changed during the request.</summary>
    public async Task GiveBackAsync(HttpContext context, RequestSession carried)
    {
        if (carried.Session.Version == carried.Version)
            return;

        var ranCommand = carried.Session.Commands != carried.Commands;
        carried.Commands = carried.Session.Commands;
        // Ignores the request's cancellation: a client that still receives the response needs the token.
        var token = await carried.Session.GetTokenAsync(CancellationToken.None).ConfigureAwait(false);
        carried.Version = carried.Session.Version;
        if (_options.UseCookies)
            WriteCookies(context, carried, token, ranCommand);
        if (_options.HeaderName is { } header && (token is not null || carried.ByHeader))
            context.Response.Headers[header] = token ?? "";
    }

    private bool ResumeHeader(HttpRequest request, RoutingSession session)
    {
        if (_options.HeaderName is not { } header || !request.Headers.TryGetValue(header, out var values))
            return false;

        foreach (var value in values)
        {
            foreach (var token in (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                session.TryResume(token);
        }

        return true;
    }

    private void WriteCookies(HttpContext context, RequestSession carried, string? token, bool ranCommand)
    {
        var cookie = _options.Cookie.Build(context, timeProvider.GetUtcNow());
        if (_options.Cookie.Path is null && context.Request.PathBase.HasValue)
            cookie.Path = context.Request.PathBase;
        if (token is not null && !_budget.TryTake(context.Request, Prefix))
        {
            // The client's cookies contain everything else, except what this request asked a primary.
            if (ranCommand)
                Append(AskCookie, carried.Session.CreateAskToken());
            if (carried.Session.CreatePinToken() is { } pin)
                Append(PinCookie, pin);
            return;
        }

        foreach (var name in carried.Cookies)
            context.Response.Cookies.Delete(name, cookie);
        if (token is not null)
            Append(Prefix + RandomNumberGenerator.GetHexString(8, lowercase: true), token);

        void Append(string name, string value)
        {
            cookie.MaxAge = _lifetime;
            context.Response.Cookies.Append(name, value, cookie);
        }
    }
}
