using System.Reflection;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Registration;

/// <summary>Warns at host start if contexts are registered, but none of them calls <c>UseReplica</c>. Nothing would be routed or guarded then, without any error.</summary>
internal sealed class UnroutedContextsWarning(IOptions<RoutingOptions> options, IServiceScopeFactory scopes, ILoggerFactory? loggerFactory = null) : IValidateOptions<RoutingStartupOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingStartupOptions startup)
    {
        // With RequireReplica, a missing replica is an error.
        if (!options.Value.RequireReplica && AreAllUnrouted() && loggerFactory is not null)
            Log.NoContextRouted(loggerFactory.CreateLogger(Log.Category));
        return ValidateOptionsResult.Success;
    }

    // Such a context may call UseReplica there, which its registered options do not show.
    private static bool ConfiguresItself(Type context) =>
        context.GetMethod("OnConfiguring", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(DbContextOptionsBuilder)])?.DeclaringType != typeof(DbContext);

    private bool AreAllUnrouted()
    {
        try
        {
            using var scope = scopes.CreateScope();
            var contexts = scope.ServiceProvider.GetServices<DbContextOptions>().ToList();
            return contexts.Count > 0 && contexts.TrueForAll(static context => context.FindExtension<RoutingOptionsExtension>() is null && !ConfiguresItself(context.ContextType));
        }
        catch (Exception)
        {
            // Options that need a request, such as those of a tenant, cannot be read at the start.
            return false;
        }
    }
}
