using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Registration;

/// <summary>Checks at host start, if <see cref="RoutingOptions.RequireReplica"/> is set, that every routed context has a replica.</summary>
internal sealed class ReplicaRequiredValidator(IOptions<RoutingOptions> options, IServiceScopeFactory scopes) : IValidateOptions<RoutingStartupOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingStartupOptions startup)
    {
        if (!options.Value.RequireReplica)
            return ValidateOptionsResult.Success;

        using var scope = scopes.CreateScope();
        var routed = scope.ServiceProvider.GetServices<DbContextOptions>()
            .Where(context => context.FindExtension<RoutingOptionsExtension>() is not null)
            .ToList();
        var missing = routed
            .Where(context => context.FindExtension<RoutingOptionsExtension>()!.Replica is NoReplica)
            .Select(context => TypeNames.Format(context.ContextType))
            .Distinct()
            .ToList();

        return (routed.Count, missing.Count) switch
        {
            (0, _) => ValidateOptionsResult.Fail(ReplicaMessages.RequiredSomewhere),
            (_, 0) => ValidateOptionsResult.Success,
            _ => ValidateOptionsResult.Fail(ReplicaMessages.RequiredFor(string.Join(", ", missing))),
        };
    }
}
