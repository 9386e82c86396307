using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Checks every registered context that calls <c>UseReplica</c>, each in a scope of its own.</summary>
internal sealed class DbContextsCheck(ServiceTypeCatalog registered, IServiceScopeFactory scopes, IOptions<RoutingOptions> options) : ISelfCheckStep
{
    public async Task RunAsync(List<SelfCheckFinding> findings, CancellationToken cancellationToken)
    {
        var before = findings.Count;
        foreach (var type in ContextTypes())
        {
            var subject = TypeNames.Format(type);
            try
            {
                var scope = scopes.CreateAsyncScope();
                await using (scope.ConfigureAwait(false))
                {
                    findings.AddRange(await DbContextResolver.WithAsync(
                        scope.ServiceProvider, type, context => new DbContextCheck(context, subject, options.Value.RequireReplica).LookAsync(cancellationToken)).ConfigureAwait(false));
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                findings.Add(new(SelfCheckSeverity.Warning, subject, $"it could not be checked outside a request: {(e.InnerException ?? e).Message} [CR116]"));
            }
        }

        if (findings.Count == before)
            findings.Add(new(SelfCheckSeverity.Warning, "Contexts", "no context calls UseReplica, so nothing is routed. Call .UseReplica(\"...\") where a context is added [CR117]"));
    }

    private IEnumerable<Type> ContextTypes() => registered.Types
        .Select(service => service.IsConstructedGenericType && service.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IDbContextFactory<>) || definition == typeof(DbContextOptions<>)) ? service.GetGenericArguments()[0] : service)
        .Where(type => typeof(DbContext).IsAssignableFrom(type) && !type.IsAbstract && !type.ContainsGenericParameters)
        .Distinct();
}
