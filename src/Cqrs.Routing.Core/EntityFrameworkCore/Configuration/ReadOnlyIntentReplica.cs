using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>A replica that is reached with the primary's connection string and <c>ApplicationIntent=ReadOnly</c>.</summary>
internal sealed class ReadOnlyIntentReplica : ReplicaSource
{
    public static readonly ReadOnlyIntentReplica Instance = new();

    public override RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context)
    {
        if (ProviderResolver.GetDatabase(primary) is not SqlServerProvider database)
            throw new InvalidOperationException(ReplicaMessages.ReadOnlyIntentIsForSqlServer(context, ProviderResolver.NameOf(primary)));

        var primaryString = primary.ConnectionString ?? throw new InvalidOperationException(ReplicaMessages.ReadOnlyIntentNeedsString);
        return primary.WithConnectionString(database.ToReadOnlyIntent(resolve(primaryString)));
    }
}
