using Microsoft.AspNetCore.Http;

namespace Cqrs.Routing.AspNetCore;

/// <summary>
/// Limits how many cookies of their own the responses to one client may set within a few seconds. Each request merges those that it brings along; only requests in parallel add up. Thread safe.
/// </summary>
/// <remarks>Clients are told apart by what they send with every request. Two that look alike share a budget, which costs their next requests a question to the primary.</remarks>
internal sealed class CookieBudget(TimeProvider timeProvider)
{
    /// <summary>One cookie has about 270 bytes, and a browser sends at most 4,096: enough for several instances of an application and for what is merged a moment later.</summary>
    private const int CookiesPerPeriod = 2;

    private const int Clients = 4096;

    // Each holds the number of the period, and in its last eight bits how many cookies it has had.
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
