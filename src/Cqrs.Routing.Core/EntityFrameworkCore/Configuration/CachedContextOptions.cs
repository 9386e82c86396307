using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>
/// A context's options with their extensions cached in an array. EF Core enumerates and sorts the extensions for every query. The cost grows with the
/// number of extensions, and <c>UseReplica</c> adds one.
/// </summary>
internal sealed class CachedContextOptions(IDbContextOptions options) : IDbContextOptions
{
    private IDbContextOptionsExtension[]? _extensions;

    public IEnumerable<IDbContextOptionsExtension> Extensions => _extensions ??= [.. options.Extensions];

    public TExtension? FindExtension<TExtension>()
        where TExtension : class, IDbContextOptionsExtension
        => options.FindExtension<TExtension>();
}
