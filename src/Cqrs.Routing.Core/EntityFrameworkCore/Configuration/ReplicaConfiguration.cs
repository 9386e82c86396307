using Cqrs.Routing.Health;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Describes whether and how one set of context options reaches its replica.</summary>
/// <remarks>
/// EF Core keeps the first options of each kind for the process lifetime, and this object with them. It must not reference the application's
/// container.
/// </remarks>
/// <param name="Primary">The provider options that this configuration was created for.</param>
/// <param name="Replica">The provider options of the replica; null if there is no usable replica with its own connection.</param>
/// <param name="Reason">Why there is no such replica.</param>
/// <param name="InactiveCause">The message for the user if the replica is configured but not used. It is logged once.</param>
/// <param name="IsMirror">Whether the replica is the primary's own connection.</param>
/// <param name="Positions">The source of the positions of primary and replica; null if the replica has no connection of its own.</param>
/// <param name="SaidLoadBalanced">Whether several servers answer for the replica, as set by the application; null if not set.</param>
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

    /// <summary>Gets or sets the replica's health; null until a query first needs it.</summary>
    public ReplicaHealth? Health { get; set; }

    /// <summary>
    /// Gets whether several servers answer for the replica. Read it only after the connection was built, because its string is then known to be
    /// readable.
    /// </summary>
    public bool IsLoadBalanced => SaidLoadBalanced ?? (_severalServers ??= Replica is not null && ProviderResolver.NamesSeveralServers(Replica));
}
