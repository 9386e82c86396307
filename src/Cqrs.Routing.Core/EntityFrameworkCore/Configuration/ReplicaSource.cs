using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>How a context's replica was named in its options.</summary>
internal abstract class ReplicaSource
{
    /// <summary>The provider's options for the replica, made from those of the primary.</summary>
    /// <param name="primary">The primary's.</param>
    /// <param name="resolve">Looks up what a connection string such as <c>Name=Replica</c> stands for.</param>
    /// <param name="context">For messages: the context.</param>
    /// <exception cref="InvalidOperationException">The replica does not go with this primary.</exception>
    public abstract RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, Func<string, string> resolve, string context);
}
