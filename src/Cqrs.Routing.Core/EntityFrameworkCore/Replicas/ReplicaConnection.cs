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

/// <summary>
/// The connection of a context to its replica. It is configured and built when a query first needs it, and kept for the lifetime of the context.
/// </summary>
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

    /// <summary>Gets the replica's connection; null until <see cref="TryPrepare"/> has built it.</summary>
    public IRelationalConnection? Connection => _connection;

    /// <summary>
    /// Gets whether the connection is open or in a transaction. A connection that the application supplied may be open all the time, so only EF
    /// Core's openings count for it.
    /// </summary>
    public bool IsBusy => _connection is { } connection
        && (connection.CurrentTransaction is not null || (_supplied ? open.AnyOnReplica : connection.DbConnection.State != ConnectionState.Closed));

    /// <summary>Gets whether EF Core has the connection open, whatever the driver reports.</summary>
    public bool IsOpenedByEF => _connection?.CurrentTransaction is not null || open.AnyOnReplica;

    /// <summary>Gets whether the application supplied the connection, and may have it open all the time.</summary>
    public bool IsSupplied => _supplied;

    /// <summary>
    /// Gets or sets whether EF Core is opening the connection. Commands that an interceptor sends on its own context meanwhile run on this
    /// connection.
    /// </summary>
    public bool IsOpening { get; set; }

    /// <summary>
    /// Gets or sets whether the application took the bare connection in this lease. It may then have the connection open without EF Core.
    /// </summary>
    public bool IsHandedOut { get; set; }

    public bool IsMirror => Configuration.IsMirror;

    /// <summary>Gets whether there is a replica with a connection of its own.</summary>
    public bool HasOwnConnection => !HasNoMatchingPrimary && Configuration.Replica is not null;

    /// <summary>Gets whether there is a replica that belongs to the primary.</summary>
    public bool Exists => !HasNoMatchingPrimary && (Configuration.IsMirror || Configuration.Replica is not null);

    /// <summary>Gets the source of both servers' positions. Without a replica of its own there are no positions.</summary>
    public IPositionSource Positions => Configuration.Positions ?? PositionSources.None;

    /// <summary>Gets the health of the replica that <see cref="Connection"/> leads to.</summary>
    public ReplicaHealth Health => Configuration.Health ?? FindHealth();

    /// <summary>Gets whether both connections lead to the same database of the same server, or the same file. Requires a built <see cref="Connection"/>.</summary>
    public bool IsOnPrimarysEndpoint => DatabaseProvider.GetEndpoint(primary.DbConnection) == DatabaseProvider.GetEndpoint(_connection!.DbConnection);

    /// <summary>Gets the query that identifies both servers.</summary>
    public ServerIdentityQuery Identity => ProviderResolver.GetIdentity(Configuration.Primary, Positions);

    /// <summary>Returns a delegate that opens other connections to the replica. Requires a built <see cref="Connection"/>.</summary>
    public SideConnection CreateSideConnection() => SideConnections.Like(_connection!.DbConnection, dependencies);

    /// <summary>Makes the replica's pool load the database's types again. Requires a built <see cref="Connection"/>.</summary>
    public Task ReloadTypesAsync(CancellationToken cancellationToken) => ReloadTypesAsync(CreateSideConnection(), cancellationToken);

    public static async Task ReloadTypesAsync(SideConnection connect, CancellationToken cancellationToken)
    {
        var connection = await connect(async: true, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            await ProviderResolver.ReloadTypesAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns a delegate that opens other connections to the primary.</summary>
    public SideConnection CreatePrimarySideConnection() => SideConnections.Like(primary.DbConnection, dependencies);

    /// <summary>Gets whether this lease of the context has its own command timeout.</summary>
    public bool IsTimeoutChanged { get; private set; }

    /// <summary>Gets whether several servers answer for the replica.</summary>
    public bool IsLoadBalanced => Configuration.IsLoadBalanced;

    /// <summary>Gets why <see cref="TryPrepare"/> returned false.</summary>
    public RouteReason InactiveReason => HasNoMatchingPrimary ? RouteReason.ReplicaMismatch : Configuration.Reason;

    /// <summary>Gets the message for the user if the replica is configured but not used.</summary>
    public string? InactiveCause => HasNoMatchingPrimary ? ChangedAtRunTime : Configuration.InactiveCause;

    private ReplicaOptions Options => dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!.Options;

    private ReplicaConfiguration Configuration => _configurationOfLease ?? _configuration ?? MakePlan();

    /// <summary>Builds the replica's connection if there is a replica that belongs to the primary. Does not open the connection.</summary>
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
            else if (plan.Reason == RouteReason.NoReplica)
                report.NoReplica();
            return false;
        }

        _connection ??= Build(plan);
        return true;
    }

    /// <summary>Reports a misconfigured replica at the first use of a context, even if that use is a command's.</summary>
    public void EnsureConfigured()
    {
        if (!_configured && !_primaryChanged)
            Configure();
    }

    /// <summary>Sets the replica's command timeout, in seconds. It also applies if the connection is built later in this lease.</summary>
    public void SetCommandTimeout(int? timeout)
    {
        _timeout = timeout;
        IsTimeoutChanged = true;
        if (_connection is not null)
            _connection.CommandTimeout = timeout;
    }

    /// <summary>
    /// Discards, after a failure, a connection that EF Core has closed but the driver still reports as open. SqlClient closes a broken connection on
    /// another thread, a moment after it threw, and reports it as open until then.
    /// </summary>
    public void DiscardIfAbandoned()
    {
        if (IsBusy && !IsOpenedByEF)
            Discard();
    }

    /// <summary>
    /// Discards a connection that is open although EF Core has closed it. This happens if closing threw at the end of a transaction, which EF Core
    /// does without this library. If the application never had the bare connection, no other code has it open.
    /// </summary>
    public void DiscardIfLeftOver()
    {
        if (!_supplied && !IsHandedOut && !IsOpening && IsBusy && !IsOpenedByEF)
            Discard();
    }

    /// <summary>Disposes the connection. The next <see cref="TryPrepare"/> builds a new one.</summary>
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

    // The primary was changed, and the application has not named the replica that belongs to the new one.
    private bool HasNoMatchingPrimary => _primaryChanged && _configurationOfLease is null;

    /// <summary>Disables a misconfigured replica, without an exception, until the context is disposed or returned to its pool.</summary>
    public void Disable()
    {
        _configuration = new(RelationalOptionsExtension.Extract(dependencies.ContextOptions), Replica: null, RouteReason.ReplicaMismatch);
        _configured = true;
        _givenUp = true;
    }

    /// <summary>
    /// Records that the application changed the primary's connection. The replica may be another tenant's until the application names the one that
    /// belongs to the new primary.
    /// </summary>
    public void PrimaryChanged()
    {
        OverrideForLease(null);
        _primaryChanged = true;
    }

    /// <summary>Uses another replica until the context is disposed or returned to its pool; null for none.</summary>
    public void OverrideForLease(string? connectionString)
    {
        var planOfLease = connectionString is null ? null : ReplicaConfigurationResolver.ResolveForLease(connectionString, dependencies);
        if (IsBusy)
            throw new InvalidOperationException($"The replica of {TypeNames.Format(primary.Context.GetType())} cannot be changed while its connection is open. Close it first (CloseConnectionAsync, or dispose the transaction), or name the replica before the first read. [CR232]");

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
