using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Resolves a context, either directly or from its factory.</summary>
internal static class DbContextResolver
{
    /// <summary>
    /// Calls a function with a context of the given type. Disposes the context afterwards if a factory created it; otherwise the scope owns it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The context type is not registered, or the context cannot be created.</exception>
    public static async Task<TResult> WithAsync<TResult>(IServiceProvider scope, Type contextType, Func<DbContext, Task<TResult>> work)
    {
        if (scope.GetService(contextType) is DbContext context)
            return await work(context).ConfigureAwait(false);

        var factory = typeof(IDbContextFactory<>).MakeGenericType(contextType);
        var created = (DbContext)factory.GetMethod(nameof(IDbContextFactory<>.CreateDbContext))!.Invoke(scope.GetRequiredService(factory), null)!;
        await using (created.ConfigureAwait(false))
            return await work(created).ConfigureAwait(false);
    }
}
