namespace Cqrs.Routing.Health;

/// <summary>One part of <see cref="RoutingProof"/>.</summary>
internal interface IProofStep
{
    Task LookAsync(List<RoutingFinding> findings, CancellationToken cancellationToken);
}
