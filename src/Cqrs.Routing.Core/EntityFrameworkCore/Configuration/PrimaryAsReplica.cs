using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>The source of <c>UseReplicaMirror()</c>: the replica is the primary's own connection.</summary>
internal sealed class PrimaryAsReplica : ReplicaSource
{
    public static readonly PrimaryAsReplica Instance = new();

    public override RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context) => primary;
}
