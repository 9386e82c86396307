using Cqrs.Routing.Health;
using Cqrs.Routing.Routing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Mediation;

/// <summary>Proves that requests are routed, and that each type with a handler is a query or a command.</summary>
internal sealed class RequestsProof(RegisteredServices registered, IServiceProviderIsService services, IOptions<RoutingOptions> options, Rollout? rollout = null) : IProofStep
{
    private const string Subject = "Requests";

    public Task LookAsync(List<RoutingFinding> findings, CancellationToken cancellationToken)
    {
        if (services.IsService(typeof(RoutingSession)))
            Classify(findings);
        else
            findings.Add(new(RoutingFindingLevel.Error, Subject, "AddRoutingBehavior() was not called, so no request is routed and no query is kept from writing. Call services.AddRoutingBehavior() where MediatR is registered."));
        return Task.CompletedTask;
    }

    private void Classify(List<RoutingFinding> findings)
    {
        var kinds = new Dictionary<RequestKind, List<string>>();
        foreach (var type in registered.Types.Where(IsHandler).Select(handler => handler.GetGenericArguments()[0]).Distinct())
        {
            try
            {
                var request = RequestTraits.Of(type, options.Value);
                if (!kinds.TryGetValue(request.Kind, out var names))
                    kinds[request.Kind] = names = [];
                names.Add(request.Name);
            }
            catch (InvalidOperationException e)
            {
                findings.Add(new(RoutingFindingLevel.Error, Subject, e.Message));
            }
        }

        findings.Add(new(RoutingFindingLevel.Ok, Subject, $"{Count(RequestKind.Query)} queries and {Count(RequestKind.Command)} commands have a handler"));
        if (kinds.TryGetValue(RequestKind.Unmarked, out var unmarked))
        {
            findings.Add(new(
                RoutingFindingLevel.Warning,
                Subject,
                $"{unmarked.Count} are neither query nor command, so they run on the primary: {string.Join(", ", unmarked.Order(StringComparer.Ordinal))}. Mark them, or name a convention (RoutingOptions.ClassifyByName)"));
        }

        if (rollout is { Plan.RoutesAll: false })
            findings.Add(new(RoutingFindingLevel.Warning, Subject, "some run in shadow mode (RoutingRolloutOptions): on the primary, and nothing that they do is refused"));

        int Count(RequestKind kind) => kinds.GetValueOrDefault(kind)?.Count ?? 0;
    }

    private static bool IsHandler(Type service) => service.IsConstructedGenericType && PipelineOrder.IsHandler(service.GetGenericTypeDefinition()) && !service.ContainsGenericParameters;
}
