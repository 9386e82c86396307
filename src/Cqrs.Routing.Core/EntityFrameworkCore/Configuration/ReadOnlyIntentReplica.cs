using System.Data.Common;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>The primary's connection string with <c>ApplicationIntent=ReadOnly</c>.</summary>
internal sealed class ReadOnlyIntentReplica : ReplicaSource
{
    public static readonly ReadOnlyIntentReplica Instance = new();

    public override RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context)
    {
        if (!ProviderResolver.IsSqlServer(primary))
            throw new InvalidOperationException(ReplicaMessages.ReadOnlyIntentIsForSqlServer(context, ProviderResolver.NameOf(primary)));

        var primaryString = primary.ConnectionString ?? throw new InvalidOperationException(ReplicaMessages.ReadOnlyIntentNeedsString);
        var builder = new DbConnectionStringBuilder { ConnectionString = resolve(primaryString) };
        builder.Remove("ApplicationIntent");
        builder["Application Intent"] = "ReadOnly";
        return primary.WithConnectionString(builder.ConnectionString);
    }
}
