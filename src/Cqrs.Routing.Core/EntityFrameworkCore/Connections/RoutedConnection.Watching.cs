using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Fallback;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Health;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;

namespace Cqrs.Routing.EntityFrameworkCore.Connections;

/// <summary>What those need who ask for the replica itself, and not for what is on it: health checks, the proof, deployments.</summary>
internal sealed partial class RoutedConnection
{
    private Guid? _refusedCommand;

    public ReplicaConnection Replica => _replica;

    /// <summary>Measures the replica now. It has to be connected.</summary>
    public Task<ReplicaStatus> MeasureAsync(CancellationToken cancellationToken)
    {
        var options = _dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;
        return new ReplicaStatusReporter(_replica, _report, options).MeasureAsync(cancellationToken);
    }

    /// <exception cref="InvalidOperationException">There is nothing to wait for, or nothing to tell it by.</exception>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public async Task WaitForReplicaAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_replica.IsMirror)
            return;
        if (!_replica.TryPrepare())
            throw new InvalidOperationException($"{_report.ContextName} has no replica to wait for: {_replica.InactiveCause ?? "UseReplica was called without one."}");
        if (_replica.Positions is NoPositions)
            throw new InvalidOperationException(ReplicaMessages.NothingToWaitBy(_report.ContextName));

        using var hidden = AmbientTransactions.Get() == AmbientTransactionState.None ? null : AmbientTransactions.Suppress();
        var catchUp = new ReplicaCatchUp(_report.ContextName, Writes.Probe, _replica.Positions, _replica.Beside());
        await catchUp.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        // What was waited for may be a migration.
        await _replica.ReloadTypesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The primary refused a command because it is read-only. The error goes to the caller as it is: whoever catches or retries it by type and code still can.</summary>
    public void PrimaryRefused(Guid? command, Exception error)
    {
        // The guard hears of each command twice.
        if (command is not null && command == _refusedCommand)
            return;

        _refusedCommand = command;
        Log.PrimaryReadOnly(_report.Logger, _report.ContextName, ErrorCode.Of(error));
    }
}
