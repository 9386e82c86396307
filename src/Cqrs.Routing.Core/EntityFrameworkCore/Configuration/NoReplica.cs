using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>The source of <c>UseReplica(null)</c>: everything runs on the primary, and the guard stays on.</summary>
internal sealed class NoReplica : ReplicaSource
{
    public static readonly NoReplica Instance = new();

    public override RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context) => primary;
}
