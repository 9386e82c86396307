using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>Whether and how one set of context options reaches its replica.</summary>
/// <param name="For">The provider options that this was worked out for.</param>
/// <param name="Options">The replica's context options; null without a usable replica of its own.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="InactiveCause">What to tell the user, once, if the replica is configured and not used.</param>
/// <param name="IsMirror">Whether the replica is the primary's own connection.</param>
internal sealed record ReplicaPlan(
    RelationalOptionsExtension For,
    IDbContextOptions? Options,
    RouteReason Reason = RouteReason.Query,
    string? InactiveCause = null,
    bool IsMirror = false)
{
    /// <summary>Whether the replica's connection was built once, which reads its connection string and compares the databases' names.</summary>
    public bool IsChecked { get; set; }
}
