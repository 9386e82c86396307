using System.Data;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Reporting;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>A context's way to its replica: worked out and built when a query first needs it, kept for the context's life.</summary>
internal sealed class ReplicaConnection(
    IRelationalConnection primary, RelationalConnectionDependencies dependencies, IServiceProvider services, RouteReporter report, OpenConnectionStack open)
{
    private ReplicaConfiguration? _configuration;
    private IRelationalConnection? _connection;
    private int? _timeout;
    private bool _supplied;
    private bool _configured;
    private ReplicaConfiguration? _configurationOfLease;
    private bool _primaryChanged;
    private bool _givenUp;

    /// <summary>The replica's connection; null until <see cref="TryPrepare"/> has built it.</summary>
    public IRelationalConnection? Connection => _connection;

    /// <summary>A connection that the application supplied may be open all the time; then only what EF does on it counts.</summary>
    public bool IsBusy => _connection is { } connection
        && (connection.CurrentTransaction is not null || (_supplied ? open.AnyOnReplica : connection.DbConnection.State != ConnectionState.Closed));

    /// <summary>Whether EF has it open, whatever the driver says.</summary>
    public bool IsOpenedByEF => _connection?.CurrentTransaction is not null || open.AnyOnReplica;

    /// <summary>Whether the application supplied the connection, and may have it open all the time.</summary>
    public bool IsSupplied => _supplied;

    /// <summary>Whether EF is opening it: what an interceptor sends then, on its own context, goes there.</summary>
    public bool IsOpening { get; set; }

    /// <summary>Whether the application took the bare connection in this lease, which it may have open past EF.</summary>
    public bool IsHandedOut { get; set; }

    public bool IsMirror => Configuration.IsMirror;

    /// <summary>Whether there is a replica with a connection of its own.</summary>
    public bool HasOwnConnection => !HasNoMatchingPrimary && Configuration.Replica is not null;

    /// <summary>Whether there is a replica that belongs to the primary.</summary>
    public bool Exists => !HasNoMatchingPrimary && (Configuration.IsMirror || Configuration.Replica is not null);

    /// <summary>How both servers tell their positions; without a replica of its own there is nothing to tell.</summary>
    public IPositionSource Positions => Configuration.Positions ?? PositionSources.None;

    /// <summary>The health of the replica that <see cref="Connection"/> leads to.</summary>
    public ReplicaHealth Health => Configuration.Health ?? FindHealth();

    /// <summary>How both servers tell who they are.</summary>
    public ServerIdentityQuery Identity => ProviderResolver.GetIdentity(Configuration.Primary, Positions);

    /// <summary>Opens other connections to the replica. It has to be connected.</summary>
    public SideConnection CreateSideConnection() => SideConnections.Like(_connection!.DbConnection, dependencies);

    /// <summary>Has the replica's pool load the database's types again. It has to be connected.</summary>
    public Task ReloadTypesAsync(CancellationToken cancellationToken) => ReloadTypesAsync(CreateSideConnection(), cancellationToken);

    public static async Task ReloadTypesAsync(SideConnection connect, CancellationToken cancellationToken)
    {
        var connection = await connect(async: true, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            await ProviderResolver.ReloadTypesAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens other connections to the primary.</summary>
    public SideConnection CreatePrimarySideConnection() => SideConnections.Like(primary.DbConnection, dependencies);

    /// <summary>Whether this lease of the context has a command timeout of its own.</summary>
    public bool IsTimeoutChanged { get; private set; }

    /// <summary>Whether several servers answer for the replica.</summary>
    public bool IsLoadBalanced => Configuration.IsLoadBalanced;

    /// <summary>Why <see cref="TryPrepare"/> said no.</summary>
    public RouteReason InactiveReason => HasNoMatchingPrimary ? RouteReason.ReplicaMismatch : Configuration.Reason;

    /// <summary>What to tell the user of a replica that is configured and not used.</summary>
    public string? InactiveCause => HasNoMatchingPrimary ? ChangedAtRunTime : Configuration.InactiveCause;

    private ReplicaOptions Options => dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;

    private ReplicaConfiguration Configuration => _configurationOfLease ?? _configuration ?? MakePlan();

    /// <summary>Makes the replica ready to be opened, if there is one that belongs to the primary. Opens nothing.</summary>
    /// <exception cref="InvalidOperationException">The replica is configured wrongly, or required and missing.</exception>
    public bool TryPrepare()
    {
        if (HasNoMatchingPrimary)
        {
            report.ReplicaMismatch(ChangedAtRunTime);
            return false;
        }

        var plan = Configuration;
        if (plan.IsMirror)
            return true;
        if (plan.Replica is null)
        {
            if (plan.InactiveCause is not null)
                report.ReplicaMismatch(plan.InactiveCause);
            else if (report.RequiresReplica())
                throw new InvalidOperationException(ReplicaMessages.RequiredFor(TypeNames.Format(primary.Context.GetType())));
            return false;
        }

        _connection ??= Build(plan);
        return true;
    }

    /// <summary>Reports a replica that is configured wrongly by the first use of a context, be it a command's.</summary>
    public void EnsureConfigured()
    {
        if (!_configured && !_primaryChanged)
            Configure();
    }

    /// <summary>Holds for the replica too, whether it is built already or later in this lease. In seconds.</summary>
    public void SetCommandTimeout(int? timeout)
    {
        _timeout = timeout;
        IsTimeoutChanged = true;
        if (_connection is not null)
            _connection.CommandTimeout = timeout;
    }

    /// <summary>
    /// After a failure: a connection that EF has closed, and the driver has not yet, is no more used. SqlClient closes a broken one on another thread, a moment after
    /// it threw, and says until then that it is open.
    /// </summary>
    public void DiscardIfAbandoned()
    {
        if (IsBusy && !IsOpenedByEF)
            Discard();
    }

    /// <summary>
    /// A connection that is open although EF has closed it: closing threw, where a transaction ended, which EF does past this library. If the application never had the bare connection, nobody else
    /// has it open.
    /// </summary>
    public void DiscardIfLeftOver()
    {
        if (!_supplied && !IsHandedOut && !IsOpening && IsBusy && !IsOpenedByEF)
            Discard();
    }

    /// <summary>Disposes the connection; the next <see cref="TryPrepare"/> builds a new one.</summary>
    public void Discard()
    {
        var connection = _connection;
        _connection = null;
        if (connection is not null)
            ConnectionCleanup.Dispose(connection);
    }

    public ValueTask DiscardAsync()
    {
        var connection = _connection;
        _connection = null;
        return connection is null ? ValueTask.CompletedTask : ConnectionCleanup.DisposeAsync(connection);
    }

    private void Configure()
    {
        var plan = Configuration;
        var factory = services.GetRequiredService<ReplicaConnectionFactory>();
        if (plan.Replica is not null && !factory.Knows(primary.Context.GetType(), plan))
        {
            _connection ??= Build(plan);
            factory.Remember(primary.Context.GetType(), plan);
        }

        _configured = true;
    }

    private ReplicaConfiguration MakePlan() => _configuration = ReplicaConfigurationResolver.PlanFor(primary, dependencies);

    private ReplicaHealth FindHealth()
    {
        var plan = Configuration;
        _connection ??= Build(plan);
        return plan.Health!;
    }

    private IRelationalConnection Build(ReplicaConfiguration plan)
    {
        var options = new ReplicaContextOptions(dependencies.ContextOptions, plan.Replica!);
        var connection = services.GetRequiredService<ReplicaConnectionFactory>().Create(primary, dependencies, options, services);
        _supplied = plan.Replica!.Connection is not null;
        if (IsTimeoutChanged)
            connection.CommandTimeout = _timeout;
        plan.Health ??= services.GetRequiredService<ReplicaConnectionFactory>()
            .HealthOf(primary.DbConnection, connection.DbConnection, ProviderResolver.GetDatabase(plan.Replica), Options);
        CircuitMetrics.Add(plan.Health, primary.Context.GetType());
        return connection;
    }

    private const string ChangedAtRunTime =
        "its connection was changed at run time. Name the replica of the new one with Database.SetReplicaConnectionString(...).";

    // The primary was changed and nobody named the replica that belongs to the new one.
    private bool HasNoMatchingPrimary => _primaryChanged && _configurationOfLease is null;

    /// <summary>The replica is configured wrongly, and nobody is to hear of it: does without until the context is disposed or goes back to its pool.</summary>
    public void Disable()
    {
        _configuration = new(RelationalOptionsExtension.Extract(dependencies.ContextOptions), Replica: null, RouteReason.ReplicaMismatch);
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
        var planOfLease = connectionString is null ? null : ReplicaConfigurationResolver.ResolveForLease(connectionString, dependencies);
        if (IsBusy)
            throw new InvalidOperationException("The replica cannot be changed while its connection is open. Close it first.");

        if (_configurationOfLease is not null || planOfLease is not null)
            Discard();
        _configurationOfLease = planOfLease;
    }

    public void Reset()
    {
        if (_configurationOfLease is not null)
            Discard();
        _configurationOfLease = null;
        _primaryChanged = false;
        IsTimeoutChanged = false;
        IsHandedOut = false;
        IsOpening = false;
        if (!_givenUp)
            return;

        _configuration = null;
        _configured = false;
        _givenUp = false;
    }
}
