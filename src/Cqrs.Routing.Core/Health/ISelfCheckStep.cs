namespace Cqrs.Routing.Health;

/// <summary>One part of <see cref="RoutingSelfCheck"/>.</summary>
internal interface ISelfCheckStep
{
    Task RunAsync(List<SelfCheckFinding> findings, CancellationToken cancellationToken);
}
