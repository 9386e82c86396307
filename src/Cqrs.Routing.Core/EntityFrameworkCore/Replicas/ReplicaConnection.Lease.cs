using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>What holds until the context is disposed or goes back to its pool: another primary, another replica, or none.</summary>
internal sealed partial class ReplicaConnection
{
    private const string ChangedAtRunTime =
        "its connection was changed at run time. Name the replica of the new one with Database.SetReplicaConnectionString(...).";

    private ReplicaConfiguration? _planOfLease;
    private bool _primaryChanged;
    private bool _givenUp;

    // The primary was changed and nobody named the replica that belongs to the new one.
    private bool HasNoMatchingPrimary => _primaryChanged && _planOfLease is null;

    /// <summary>The replica is configured wrongly, and nobody is to hear of it: does without until the context is disposed or goes back to its pool.</summary>
    public void Disable()
    {
        _plan = new(RelationalOptionsExtension.Extract(dependencies.ContextOptions), Replica: null, RouteReason.ReplicaMismatch);
        _configured = true;
        _givenUp = true;
    }

    /// <summary>The application changed the primary's connection: the replica may be another tenant's, until it names the one that belongs to it.</summary>
    public void PrimaryChanged()
    {
        OverrideForLease(null);
        _primaryChanged = true;
    }

    /// <summary>Uses another replica until the context is disposed or goes back to its pool; null for none.</summary>
    public void OverrideForLease(string? connectionString)
    {
        var planOfLease = connectionString is null ? null : ReplicaConfigurationResolver.PlanForLease(connectionString, dependencies);
        if (IsBusy)
            throw new InvalidOperationException("The replica cannot be changed while its connection is open. Close it first.");

        if (_planOfLease is not null || planOfLease is not null)
            Discard();
        _planOfLease = planOfLease;
    }

    public void Reset()
    {
        if (_planOfLease is not null)
            Discard();
        _planOfLease = null;
        _primaryChanged = false;
        IsTimeoutChanged = false;
        IsHandedOut = false;
        IsOpening = false;
        if (!_givenUp)
            return;

        _plan = null;
        _configured = false;
        _givenUp = false;
    }
}
