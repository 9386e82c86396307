using System.Threading.RateLimiting;

namespace Cqrs.Routing.Health;

/// <summary>How many queries per second may fall back: a replica's failure must not become the primary's. Thread safe.</summary>
internal sealed class FallbackBudget(int? perSecond)
{
    // Without a timer: tokens are added when one is asked for. So there is nothing to dispose.
    private readonly TokenBucketRateLimiter? _tokens = perSecond is > 0
        ? new(new()
        {
            TokenLimit = perSecond.Value,
            TokensPerPeriod = perSecond.Value,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = false,
        })
        : null;

    public bool TryTake()
    {
        if (perSecond is null)
            return true;
        if (_tokens is null)
            return false;

        _tokens.TryReplenish();
        using var lease = _tokens.AttemptAcquire();
        return lease.IsAcquired;
    }
}
