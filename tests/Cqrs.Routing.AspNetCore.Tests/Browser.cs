using System.Net;

namespace Cqrs.Routing.AspNetCore.Tests;

/// <summary>Keeps cookies from response to request.</summary>
public sealed class Browser(HttpMessageHandler server, CookieContainer cookies) : DelegatingHandler(server)
{
    private static readonly Uri Site = new("http://shop.example/");

    private bool _slow;

    public CookieContainer Cookies => cookies;

    /// <summary>The names of the session's cookies.</summary>
    public IReadOnlyList<string> SessionCookies => [.. cookies.GetAllCookies().Where(cookie => !cookie.Expired).Select(cookie => cookie.Name)];

    /// <summary>What it sends with each request.</summary>
    public string CookieHeader => cookies.GetCookieHeader(Site);

    public async Task<string> NameAsync() => await (await SendAsync(HttpMethod.Get, "name")).Content.ReadAsStringAsync();

    public Task<HttpResponseMessage> RenameAsync(string name) => SendAsync(HttpMethod.Put, $"name/{name}");

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? header = null)
    {
        using var client = new HttpMessageInvoker(this, disposeHandler: false);
        var request = new HttpRequestMessage(method, new Uri(Site, path));
        if (header is not null)
            request.Headers.Add("Routing-Session", header);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a request whose answer takes its time: it is the test that calls <see cref="Keep"/>.</summary>
    public async Task<HttpResponseMessage> RenameSlowlyAsync(string name)
    {
        _slow = true;
        try
        {
            return await RenameAsync(name);
        }
        finally
        {
            _slow = false;
        }
    }

    public void Keep(HttpResponseMessage response)
    {
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            cookies.SetCookies(Site, cookie);
    }

    /// <summary>Any value, as somebody may write it into a request.</summary>
    public void Forge(string name, string value) => cookies.Add(Site, new Cookie(name, value));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (cookies.GetCookieHeader(Site) is { Length: > 0 } header)
            request.Headers.Add("Cookie", header);
        var response = await base.SendAsync(request, cancellationToken);
        if (!_slow)
            Keep(response);
        return response;
    }
}
