using Cqrs.Routing.Health;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>What those need who ask for the replica itself, and not for what is on it: health checks, the proof, deployments.</summary>
internal sealed partial class RoutedConnection
{
    public ReplicaLink Replica => _replica;

    /// <summary>Measures the replica now. It has to be connected.</summary>
    public Task<ReplicaSurvey> MeasureAsync(CancellationToken cancellationToken)
    {
        var options = _dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;
        return new ReplicaWatch(_replica, _report, options).MeasureAsync(cancellationToken);
    }
}
