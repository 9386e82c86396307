using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>
/// A context's options, with their extensions in a list. EF looks through them for every query, and sorts them every time: the more there are, the longer that takes, and
/// <c>UseReplica</c> adds one.
/// </summary>
internal sealed class CachedContextOptions(IDbContextOptions options) : IDbContextOptions
{
    private IDbContextOptionsExtension[]? _extensions;

    public IEnumerable<IDbContextOptionsExtension> Extensions => _extensions ??= [.. options.Extensions];

    public TExtension? FindExtension<TExtension>()
        where TExtension : class, IDbContextOptionsExtension
        => options.FindExtension<TExtension>();
}
