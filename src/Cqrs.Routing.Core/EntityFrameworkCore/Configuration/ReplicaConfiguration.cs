using Cqrs.Routing.Health;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Whether and how one set of context options reaches its replica.</summary>
/// <remarks>EF keeps the first options of their kind for ever, and this with them: it must not lead to the application's container.</remarks>
/// <param name="Primary">The provider options that this was worked out for.</param>
/// <param name="Replica">The provider options of the replica; null without a usable replica of its own.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="InactiveCause">What to tell the user, once, if the replica is configured and not used.</param>
/// <param name="IsMirror">Whether the replica is the primary's own connection.</param>
/// <param name="Positions">How primary and replica tell their positions; null without a replica of its own.</param>
/// <param name="SaidLoadBalanced">Whether the application said that several servers answer for the replica.</param>
internal sealed record ReplicaConfiguration(
    RelationalOptionsExtension Primary,
    RelationalOptionsExtension? Replica,
    RouteReason Reason = RouteReason.Query,
    string? InactiveCause = null,
    bool IsMirror = false,
    IPositionSource? Positions = null,
    bool? SaidLoadBalanced = null)
{
    private bool? _severalServers;

    /// <summary>The replica's health; null until a query first needs it.</summary>
    public ReplicaHealth? Health { get; set; }

    /// <summary>Whether several servers answer for the replica. To be asked once its connection was built, and so its string is known to be readable.</summary>
    public bool IsLoadBalanced => SaidLoadBalanced ?? (_severalServers ??= Replica is not null && ProviderResolver.NamesSeveralServers(Replica));
}
