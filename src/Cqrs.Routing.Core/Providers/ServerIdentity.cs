namespace Cqrs.Routing.Providers;

/// <summary>Holds the identity that a server reports. Values that it does not report are null.</summary>
/// <param name="Database">The database. It is equal on a primary and its replicas, and different for every other database.</param>
/// <param name="IsReadOnly">Whether the server refuses writes because it is a replica.</param>
/// <param name="Timeline">The timeline, which changes when a replica becomes a primary. Only set for a server that accepts writes.</param>
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
