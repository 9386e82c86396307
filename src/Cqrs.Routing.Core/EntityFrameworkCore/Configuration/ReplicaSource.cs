using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Describes how the options of a context name its replica.</summary>
internal abstract class ReplicaSource
{
    /// <summary>Creates the provider's options for the replica from the primary's.</summary>
    /// <param name="primary">The primary's options.</param>
    /// <param name="resolve">Resolves a connection string such as <c>Name=Replica</c>.</param>
    /// <param name="context">The name of the context type, for messages.</param>
    /// <exception cref="InvalidOperationException">The replica does not match this primary.</exception>
    public abstract RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context);
}
