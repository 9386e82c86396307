using Cqrs.Routing.Health;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;

namespace Cqrs.Routing.EntityFrameworkCore.Freshness;

/// <summary>After a replica was lost, it is asked for what the primary has, whatever the session needs: see <see cref="RecoveryCheck"/>.</summary>
internal sealed partial class FreshnessCheck
{
    private (RecoveryCheck Doubt, ReplicationPosition Required)? _doubt;

    // Not where several servers answer: there nobody drops what a replica had once.
    private bool IsDoubted => replica.HasOwnConnection && replica.Health.Doubt is not null && !replica.IsLoadBalanced && replica.Positions is not NoPositions;

    private async ValueTask DoubtAsync(RouteFrame query, bool async, CancellationToken cancellationToken)
    {
        _doubt = null;
        if (!IsDoubted || query.Session is not { } session || replica.Health.Doubt is not { } doubt)
            return;

        // Where the primary does not tell, the replica is all there is.
        if (!doubt.IsOlderThan(session.Services.Clock.Lifetime)
            && await doubt.RequiredAsync(session.Services, primary.Probe, async, cancellationToken).ConfigureAwait(false) is { } required)
        {
            _doubt = (doubt, required);
        }
        else
        {
            replica.Health.Trust(doubt);
        }
    }

    private bool IsBeyondDoubt(ReplicationPosition replayed)
    {
        if (_doubt is not { } doubted)
            return true;
        if (!replayed.IsComparableTo(doubted.Required) || replayed.Value < doubted.Required.Value)
            return false;

        replica.Health.Trust(doubted.Doubt);
        return true;
    }
}
