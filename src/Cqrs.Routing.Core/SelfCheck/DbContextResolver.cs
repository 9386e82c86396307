using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Gets a context in whichever way the application registered it.</summary>
internal static class DbContextResolver
{
    /// <summary>Runs with a context of this type, which is disposed afterwards if it came from a factory: what came from the scope is the scope's.</summary>
    /// <exception cref="InvalidOperationException">It is not registered, or cannot be created.</exception>
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
