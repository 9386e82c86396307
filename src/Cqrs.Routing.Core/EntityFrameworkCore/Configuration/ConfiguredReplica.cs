using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>A replica whose provider the application configures, for example with a data source of its own.</summary>
internal sealed class ConfiguredReplica(Action<DbContextOptionsBuilder> configure) : ReplicaSource
{
    private RelationalOptionsExtension? _configured;

    public override RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context)
    {
        var replica = _configured ??= Configure();
        if (replica.GetType() != primary.GetType())
            throw new InvalidOperationException(ReplicaMessages.OtherProvider(context, ProviderResolver.NameOf(primary), ProviderResolver.NameOf(replica)));

        return replica.CommandTimeout is null ? replica.WithCommandTimeout(primary.CommandTimeout) : replica;
    }

    public RelationalOptionsExtension Configure()
    {
        var builder = new DbContextOptionsBuilder();
        configure(builder);
        var extensions = builder.Options.Extensions.ToList();
        var provider = extensions.OfType<RelationalOptionsExtension>().FirstOrDefault()
            ?? throw new InvalidOperationException(ReplicaMessages.NoProvider);
        return extensions.Any(extension => extension is CoreOptionsExtension { Interceptors: not null } or CoreOptionsExtension { LoggerFactory: not null })
            ? throw new InvalidOperationException(ReplicaMessages.MoreThanProvider)
            : provider;
    }
}
