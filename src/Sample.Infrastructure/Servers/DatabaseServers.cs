using System.Data.Common;
using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;

namespace Sample.Infrastructure.Servers;

/// <summary>The primary and the replica of the configured provider.</summary>
public abstract class DatabaseServers
{
    /// <summary>The provider's name, for people.</summary>
    public abstract string Provider { get; }

    /// <summary>Whether there is a replica.</summary>
    public abstract bool HasReplica { get; }

    /// <summary>Chooses the provider, the primary and the replica of a context, with the choices that the configuration made for the replica.</summary>
    public abstract void Configure(DbContextOptionsBuilder options, Action<ReplicaOptions> replicaOptions);

    /// <summary>Adds to a new schema what the provider needs besides the tables.</summary>
    public virtual Task CompleteSchemaAsync(DbContext db, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The server behind an open connection, told by the connection itself and not by what routing intended.</summary>
    public abstract DatabaseRole ServerOf(DbConnection connection);
}
