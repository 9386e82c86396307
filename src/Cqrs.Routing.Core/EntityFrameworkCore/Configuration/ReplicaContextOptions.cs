using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>A context's options with the provider's extension replaced by the replica's.</summary>
internal sealed class ReplicaContextOptions(IDbContextOptions context, RelationalOptionsExtension replica) : IDbContextOptions
{
    public IEnumerable<IDbContextOptionsExtension> Extensions { get; } =
        [.. context.Extensions.Select(extension => extension is RelationalOptionsExtension ? replica : extension)];

    public TExtension? FindExtension<TExtension>()
        where TExtension : class, IDbContextOptionsExtension
        => typeof(TExtension) == replica.GetType() ? (TExtension)(object)replica : context.FindExtension<TExtension>();
}
