using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Connections;
using Cqrs.Routing.EntityFrameworkCore.Guard;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.Health;
using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.SelfCheck;

/// <summary>Checks that one context is routed and guarded, and that its replica belongs to its primary.</summary>
internal sealed class DbContextCheck(DbContext context, string subject, bool requiresReplica)
{
    private readonly List<SelfCheckFinding> _findings = [];

    private SelfCheckSeverity IfRequired => requiresReplica ? SelfCheckSeverity.Error : SelfCheckSeverity.Warning;

    /// <returns>The findings; empty for a context that does not call <c>UseReplica</c>.</returns>
    public async Task<IReadOnlyList<SelfCheckFinding>> LookAsync(CancellationToken cancellationToken)
    {
        if (context.GetService<IDbContextOptions>().FindExtension<RoutingOptionsExtension>() is null)
            return [];

        if (!context.Database.IsRelational())
            Add(IfRequired, "its provider is not relational, so nothing is routed. Call UseReplica(null) where it has this provider [CR101]");
        else if (RoutedConnection.Find(context) is not { } routed || context.GetService<IInterceptors>() is not GuardedInterceptors)
            Add(SelfCheckSeverity.Error, "it calls UseReplica but is neither routed nor guarded, because UseInternalServiceProvider or ReplaceService removed the services of Cqrs.Routing. Remove that call, or UseReplica [CR102]");
        else
            await LookAsync(routed, cancellationToken).ConfigureAwait(false);
        return _findings;
    }

    private async Task LookAsync(RoutedConnection routed, CancellationToken cancellationToken)
    {
        Add(SelfCheckSeverity.Ok, "it is routed, and its queries cannot write");
        if (Connect(routed.Replica))
            await MeasureAsync(routed, cancellationToken).ConfigureAwait(false);
    }

    private bool Connect(ReplicaConnection replica)
    {
        try
        {
            if (replica.IsMirror)
                Add(IfRequired, "its replica is a mirror, which is for tests: nothing is offloaded. Outside tests call UseReplica(\"...\") instead of UseReplicaMirror() [CR103]");
            else if (replica.TryPrepare())
                return true;
            else if (replica.InactiveCause is { } cause)
                Add(IfRequired, $"its replica is not used: {cause} [CR104]");
            else
                Add(SelfCheckSeverity.Ok, "it has no replica, because UseReplica got no connection string (null or blank): everything runs on the primary. If it should have one, check the name that the string is read by");
        }
        catch (InvalidOperationException e)
        {
            Add(SelfCheckSeverity.Error, e.Message);
        }

        return false;
    }

    private async Task MeasureAsync(RoutedConnection routed, CancellationToken cancellationToken)
    {
        var status = await routed.MeasureAsync(cancellationToken).ConfigureAwait(false);
        if (status.Error is { } silence)
        {
            Add(IfRequired, $"its replica at {routed.Replica.Health.ServerName} does not answer ({ErrorCode.GetWithText(silence)}), so nothing else was checked. Its queries run on the primary until it does. If it never does, check the connection string that UseReplica(...) gets [CR105]");
            return;
        }

        if (status.Refusal == RouteReason.NotAReplica)
        {
            Add(SelfCheckSeverity.Error, $"the server that should be its replica is not a replica of its primary: {ReplicaStatusText.Format(status.Role)} [CR106]");
            return;
        }

        if (status.IsPrimaryReadOnly)
        {
            Add(SelfCheckSeverity.Error, $"the server that is configured as its primary is a read-only copy, so every command fails. {ReplicaStatusText.AdviceOnReadOnlyPrimary(status)} [CR123]");
            return;
        }

        if (status is { Role: ReplicaRole.Unknown, PrimaryError: null, LagTime: null } && !await context.Database.CanConnectAsync(cancellationToken).ConfigureAwait(false))
            status = status with { PrimaryError = "no connection" };
        Judge(status, routed.Replica);
        if (status.PrimaryError is null)
            await CompareMigrationsAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Judge(ReplicaStatus status, ReplicaConnection replica)
    {
        if (status.PrimaryError is not null)
            Add(SelfCheckSeverity.Warning, "its replica answers but its primary does not, so they are not compared [CR107]");
        else if (status.Role == ReplicaRole.Primary || (status.Role == ReplicaRole.Unknown && replica.IsOnPrimarysEndpoint))
            Add(SelfCheckSeverity.Warning, "its replica is the primary itself: nothing is offloaded [CR108]");
        else if (status.Problem is { } problem)
            Add(SelfCheckSeverity.Warning, $"its replica answers: {ReplicaStatusText.Format(status.Role)} ({problem}) [CR109]");
        else
            Add(SelfCheckSeverity.Ok, $"its replica answers: {(status is { Role: ReplicaRole.Unknown, LagTime: not null } ? "it replays the writes of its primary" : ReplicaStatusText.Format(status.Role))}");

        if (replica.Positions is NoPositions)
            Add(SelfCheckSeverity.Ok, "there are no positions: a session reads from the primary for a while after it wrote");
        else if (status is { LagTime: null, PrimaryError: null, Problem: null })
            Add(SelfCheckSeverity.Warning, "a server does not report its position, so sessions that wrote stay on the primary [CR110]");
        if (status.Refusal == RouteReason.ReplicaLagging)
            Add(SelfCheckSeverity.Warning, "its replica lags beyond its limits, so its queries run on the primary until it has caught up [CR111]");
    }

    private async Task CompareMigrationsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CompareAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Add(SelfCheckSeverity.Warning, $"the migrations of both servers could not be compared ({ErrorCode.Get(e)}) [CR112]");
        }
    }

    private async Task CompareAppliedMigrationsAsync(CancellationToken cancellationToken)
    {
        var onPrimary = await ReadMigrationsAsync(cancellationToken).ConfigureAwait(false);
        var tables = context.GetService<IRelationalDatabaseCreator>();
        var hasTables = await tables.HasTablesAsync(cancellationToken).ConfigureAwait(false);
        List<string> onReplica;
        bool replicaLacksTables;
        using (RouteScope.BeginSelfCheck())
        {
            onReplica = await ReadMigrationsAsync(cancellationToken).ConfigureAwait(false);
            replicaLacksTables = hasTables && !await tables.HasTablesAsync(cancellationToken).ConfigureAwait(false);
            if (RouteScope.Current.Route != DatabaseRole.Replica)
            {
                Add(SelfCheckSeverity.Warning, $"the migrations of its replica could not be read ({RouteScope.Current.Reason}) [CR113]");
                return;
            }
        }

        if (replicaLacksTables)
            Add(SelfCheckSeverity.Warning, "its primary has tables, and its replica has none: queries that the replica serves would fail. Check the connection string that UseReplica(...) gets [CR124]");
        var missing = onPrimary.Except(onReplica).ToList();
        var unknown = onReplica.Except(onPrimary).ToList();
        if (unknown.Count > 0)
            Add(SelfCheckSeverity.Error, $"its replica has migrations that its primary lacks, so it is not a copy of it: {string.Join(", ", unknown)}. Check that the connection strings of primary and replica are not swapped [CR114]");
        else if (missing.Count > 0)
            Add(SelfCheckSeverity.Warning, $"its replica lacks migrations that its primary has: {string.Join(", ", missing)}. Wait for it after a migration: Database.WaitForReplicaAsync(...) [CR115]");
        else
            Add(SelfCheckSeverity.Ok, onReplica.Count == 0 ? "no migrations on either server" : $"the same {onReplica.Count} migrations on both servers");
    }

    // Without its table, some providers read the history with a command that fails, and that EF Core logs as an error. Npgsql does not look for the table.
    private async Task<List<string>> ReadMigrationsAsync(CancellationToken cancellationToken)
    {
        var looksForTable = DatabaseProvider.FromProviderName(context.Database.ProviderName ?? "") != DatabaseProvider.PostgreSql;
        var exists = looksForTable ? await context.GetService<IHistoryRepository>().ExistsAsync(cancellationToken).ConfigureAwait(false) : context.Database.GetMigrations().Any();
        return exists ? [.. await context.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false)] : [];
    }

    private void Add(SelfCheckSeverity level, string text) => _findings.Add(new(level, subject, text));
}
