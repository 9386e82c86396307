using Cqrs.Routing.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Finds services of the application that a context belongs to. Finds none for a context that was created by hand.</summary>
internal static class ApplicationServices
{
    public static TService? Find<TService>(DbContext context)
        where TService : class
        => Find<TService>(context.GetService<IDbContextOptions>());

    public static TService? Find<TService>(IDbContextOptions options)
        where TService : class
    {
        try
        {
            return options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider?.GetService<TService>();
        }
        catch (ObjectDisposedException)
        {
            // A container that was built for the options alone may be disposed. The context works on without it.
            return null;
        }
    }

    /// <summary>Returns a logger for a context whose options are being read and that has no services of its own yet; null if nothing logs.</summary>
    public static ILogger? FindLogger(IDbContextOptions options) =>
        (options.FindExtension<CoreOptionsExtension>()?.LoggerFactory ?? Find<ILoggerFactory>(options))?.CreateLogger(Log.Category);
}
