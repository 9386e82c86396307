using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Health;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>What those need who ask for the replica itself, and not for what is on it: health checks, the proof, deployments.</summary>
internal sealed partial class RoutedConnection
{
    private Guid _refusedCommand;

    public ReplicaLink Replica => _replica;

    /// <summary>Measures the replica now. It has to be connected.</summary>
    public Task<ReplicaSurvey> MeasureAsync(CancellationToken cancellationToken)
    {
        var options = _dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;
        return new ReplicaWatch(_replica, _report, options).MeasureAsync(cancellationToken);
    }

    /// <summary>The primary refused a command because it is read-only. The error goes to the caller as it is: whoever catches or retries it by type and code still can.</summary>
    public void PrimaryRefused(Guid command, Exception error)
    {
        // The guard hears of each command twice.
        if (command == _refusedCommand)
            return;

        _refusedCommand = command;
        Log.PrimaryReadOnly(_report.Logger, _report.ContextName, ErrorName.Of(error));
    }
}
