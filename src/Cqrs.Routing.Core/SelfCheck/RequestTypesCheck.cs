using Cqrs.Routing.Requests;
using Cqrs.Routing.Shadow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Checks that requests are routed, and that each type with a handler is a query or a command.</summary>
internal sealed class RequestTypesCheck(IEnumerable<IRequestTypes> adapters, IServiceProviderIsService services, IOptions<RoutingOptions> options, Rollout? rollout = null) : ISelfCheckStep
{
    private const string Subject = "Requests";

    public Task RunAsync(List<SelfCheckFinding> findings, CancellationToken cancellationToken)
    {
        if (!services.IsService(typeof(RoutingSession)))
            findings.Add(new(SelfCheckSeverity.Error, Subject, "AddRoutingBehavior() was not called, so requests are neither routed nor guarded. Call services.AddRoutingBehavior() where MediatR is registered, or services.AddCqrsRoutingCore() without MediatR. [CR118]"));
        else if (adapters.Any())
            Classify(findings);
        else
            findings.Add(new(SelfCheckSeverity.Ok, Subject, "no mediator is routed: RequestRunner<TRequest> and RouteScope begin the queries and commands. With MediatR, call services.AddRoutingBehavior()"));
        return Task.CompletedTask;
    }

    private void Classify(List<SelfCheckFinding> findings)
    {
        var kinds = new Dictionary<RequestKind, List<string>>();
        foreach (var type in adapters.SelectMany(adapter => adapter.GetRequestTypes()).Distinct())
        {
            try
            {
                var request = RequestInfo.Create(type, options.Value);
                if (!kinds.TryGetValue(request.Kind, out var names))
                    kinds[request.Kind] = names = [];
                names.Add(request.Name);
            }
            catch (InvalidOperationException e)
            {
                findings.Add(new(SelfCheckSeverity.Error, Subject, e.Message));
            }
        }

        findings.Add(new(SelfCheckSeverity.Ok, Subject, $"{Count(RequestKind.Query)} queries and {Count(RequestKind.Command)} commands have a handler"));
        if (kinds.TryGetValue(RequestKind.Unclassified, out var unclassified))
        {
            findings.Add(new(
                SelfCheckSeverity.Warning,
                Subject,
                $"{unclassified.Count} are neither query nor command, so they run on the primary: {string.Join(", ", unclassified.Order(StringComparer.Ordinal))}. Mark them, or name a convention (RoutingOptions.ClassifyByNameSuffix) [CR119]"));
        }

        if (rollout is { Plan.RoutesAll: false })
            findings.Add(new(SelfCheckSeverity.Warning, Subject, "some requests run in shadow mode (RoutingRolloutOptions): they run on the primary, and nothing that they do is refused [CR120]"));

        if (rollout?.FindUnknownNames() is { Count: > 0 } unknown)
            findings.Add(new(SelfCheckSeverity.Warning, Subject, $"RoutingRolloutOptions.Requests has entries without effect, because no request type with a handler has that name: {string.Join(", ", unknown)}. Write the name as in C#, with the declaring type or the namespace if there is one: GetOrder, GetOrder.Query, Shop.Orders.GetOrder [CR121]"));

        int Count(RequestKind kind) => kinds.GetValueOrDefault(kind)?.Count ?? 0;
    }
}
