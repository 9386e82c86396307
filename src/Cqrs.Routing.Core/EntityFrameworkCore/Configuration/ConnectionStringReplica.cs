using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>A replica that is given by its connection string. All other settings are the primary's.</summary>
internal sealed class ConnectionStringReplica(string connectionString) : ReplicaSource
{
    public string ConnectionString { get; } = connectionString;

    public override RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context)
    {
        var resolved = resolve(ConnectionString);
        try
        {
            return primary.WithConnectionString(ProviderResolver.GetDatabase(primary).ToReadOnly(resolved));
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException(ReplicaMessages.Unreadable(context, ProviderResolver.NameOf(primary), e.Message), e);
        }
    }
}
