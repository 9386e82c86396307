namespace Cqrs.Routing.SelfCheck;

/// <summary>One step of <see cref="RoutingSelfCheck"/>.</summary>
internal interface ISelfCheckStep
{
    Task RunAsync(List<SelfCheckFinding> findings, CancellationToken cancellationToken);
}
