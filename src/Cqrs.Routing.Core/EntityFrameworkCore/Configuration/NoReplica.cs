using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary><c>UseReplica(null)</c>: everything on the primary, the guard still on.</summary>
internal sealed class NoReplica : ReplicaSource
{
    public static readonly NoReplica Instance = new();

    public override RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context) => primary;
}
