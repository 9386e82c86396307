using System.Threading.RateLimiting;

namespace Cqrs.Routing.Health;

/// <summary>Limits how many queries per second may fall back, so that a failure of the replica does not overload the primary. Thread safe.</summary>
internal sealed class FallbackBudget(int? perSecond)
{
    // No timer: tokens are replenished on request, so there is nothing to dispose.
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
