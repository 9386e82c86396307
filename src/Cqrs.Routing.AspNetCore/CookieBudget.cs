using Microsoft.AspNetCore.Http;

namespace Cqrs.Routing.AspNetCore;

/// <summary>
/// Limits how many separate cookies the responses to one client may set within five seconds. Each request merges the cookies that it carries, so only
/// parallel requests accumulate cookies. Thread safe.
/// </summary>
/// <remarks>
/// Identifies a client by data that it sends with every request. Two clients with equal data share a budget. Their next requests then ask the primary
/// for its position once more.
/// </remarks>
internal sealed class CookieBudget(TimeProvider timeProvider)
{
    /// <summary>
    /// The limit per client and period. A cookie has about 270 bytes, and a browser sends at most 4,096 bytes. That leaves room for several instances
    /// of an application and for cookies that are merged a moment later.
    /// </summary>
    private const int CookiesPerPeriod = 2;

    private const int Clients = 4096;

    // Each entry holds the number of the period. Its last eight bits hold the number of cookies in that period.
    private readonly long[] _taken = new long[Clients];

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    public bool TryTake(HttpRequest request, string sessionCookies)
    {
        ref var taken = ref _taken[(uint)ClientOf(request, sessionCookies) % Clients];
        var period = timeProvider.GetUtcNow().Ticks / Period.Ticks << 8;
        while (true)
        {
            var before = Volatile.Read(ref taken);
            var now = before >> 8 << 8 == period ? before + 1 : period + 1;
            if (now - period > CookiesPerPeriod)
                return false;
            if (Interlocked.CompareExchange(ref taken, now, before) == before)
                return true;
        }
    }

    private static int ClientOf(HttpRequest request, string sessionCookies)
    {
        var client = new HashCode();
        client.Add(request.HttpContext.Connection.RemoteIpAddress);
        client.Add(request.Headers.Authorization.ToString());
        client.Add(request.Headers.UserAgent.ToString());
        foreach (var (name, value) in request.Cookies)
        {
            if (name.StartsWith(sessionCookies, StringComparison.Ordinal))
                continue;

            client.Add(name);
            client.Add(value);
        }

        return client.ToHashCode();
    }
}
