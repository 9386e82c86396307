using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>How a context's replica was named in its options.</summary>
internal abstract class Replica
{
    /// <summary>The provider's options for the replica, made from those of the primary.</summary>
    /// <exception cref="InvalidOperationException">The replica does not go with this primary.</exception>
    public abstract RelationalOptionsExtension ConfigureFrom(RelationalOptionsExtension primary, string context);
}
