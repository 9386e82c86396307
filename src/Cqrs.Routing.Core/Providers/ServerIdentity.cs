namespace Cqrs.Routing.Providers;

/// <summary>Who a server says that it is; null for what it does not say.</summary>
/// <param name="Database">The same on a primary and its replicas, and different for every other database.</param>
/// <param name="IsReadOnly">Whether it takes no writes because it is a replica.</param>
/// <param name="Timeline">Changes when a replica becomes a primary. Only of a server that takes writes.</param>
internal sealed record ServerIdentity(string? Database, bool? IsReadOnly, string? Timeline)
{
    public static readonly ServerIdentity Unknown = new(null, null, null);

    public ReplicaRole RoleBeside(ServerIdentity primary)
    {
        if (Database is not null && primary.Database is not null && Database != primary.Database)
            return ReplicaRole.OtherDatabase;
        if (IsReadOnly == true)
            return ReplicaRole.Replica;
        if (IsReadOnly is null || Timeline is null || primary.Timeline is null)
            return ReplicaRole.Unknown;

        return Timeline == primary.Timeline ? ReplicaRole.Primary : ReplicaRole.Promoted;
    }
}
