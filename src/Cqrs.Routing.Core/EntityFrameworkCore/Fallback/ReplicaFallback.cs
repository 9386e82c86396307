using System.Diagnostics.CodeAnalysis;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.EntityFrameworkCore.Replicas;
using Cqrs.Routing.EntityFrameworkCore.Reporting;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Positions;
using Cqrs.Routing.Providers;
using Cqrs.Routing.Scopes;

namespace Cqrs.Routing.EntityFrameworkCore.Fallback;

/// <summary>Decides for one context whether its replica can serve a query, and sends the query to the primary if it cannot.</summary>
internal sealed class ReplicaFallback(ReplicaConnection replica, RouteReporter report, ReplicaOptions options)
{
    private const string ReplicaErrorKey = "Cqrs.Routing.Server";

    /// <summary>Returns whether queries must not use the replica at present. If so, the query has been sent to the primary.</summary>
    /// <exception cref="ReplicaUnavailableException">The query may not run on the primary.</exception>
    public bool Needs(RouteFrame query)
    {
        if (Refusal() is not { } refusal)
            return false;

        Take(query, refusal);
        return true;
    }

    /// <summary>Sends the query to the primary before the replica was used.</summary>
    /// <exception cref="ReplicaUnavailableException">The query may not run on the primary.</exception>
    public void Take(RouteFrame query, RouteReason refusal) => FallbackPolicy.Take(query, replica.Health, refusal, FallbackStage.Connection, report.ContextName, report.Logger);

    /// <summary>
    /// Returns why queries must not use the replica at present; null if they may. Starts a measurement or a probe beside the query when one is due.
    /// </summary>
    public RouteReason? Refusal()
    {
        var health = replica.Health;
        if (!health.IsBroken && health.Monitor.IsDue)
            new ReplicaStatusReporter(replica, report, options).Begin();
        var refusal = health.Refusal;
        if (refusal is not null && health.IsProbeDue)
            Probe(health, onlyIfDue: true);
        return refusal;
    }

    /// <summary>Classifies an error of the replica.</summary>
    public ReplicaErrorKind Classify(Exception error, bool opening)
    {
        var failure = replica.Health.Classify(error, opening, options);
        // The primary knows the types that were created through it, so the statement can run there.
        return failure == ReplicaErrorKind.Other && DatabaseProvider.MayLackType(error) && replica.Health.IsReloadDue ? ReplicaErrorKind.Transient : failure;
    }

    /// <summary>Returns whether the replica, and not the statement or the caller, made a query fail. For exception filters.</summary>
    public bool Catches(Exception error, bool opening, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return false;
        if (Classify(error, opening) != ReplicaErrorKind.Other)
            return true;

        // A command timeout may mean that the server is gone. It is probed so that the next query does not wait.
        if (!opening && replica.Health.IsTimeout(error))
            Probe(replica.Health, onlyIfDue: false);
        return false;
    }

    /// <summary>Reports an error that the query's caller gets, if the cause may be that the replica lacks what the primary has.</summary>
    public void ReportUnserved(RouteFrame query, Exception error)
    {
        if (!DatabaseProvider.IsMissingObject(error))
            return;

        var health = replica.Health;
        // The exception stays the driver's own, so that the application handles it as without a replica.
        error.Data[ReplicaErrorKey] = $"replica of {report.ContextName} at {health.ServerName}";
        if (report.Once($"{nameof(Log.FailedOnReplica)} {query.RequestName}"))
            Log.FailedOnReplica(report.Logger, query.RequestName, report.ContextName, health.ServerName, ErrorCode.GetWithText(error));
    }

    /// <summary>Sends the query to the primary after it failed on the replica.</summary>
    /// <exception cref="ReplicaUnavailableException">The query may not run on the primary.</exception>
    public void Take(RouteFrame query, FallbackStage stage, Exception error) => Take(query, replica.Health, stage, error);

    /// <inheritdoc cref="Take(RouteFrame, FallbackStage, Exception)"/>
    /// <remarks>Takes the health of the replica that failed, because the context may have another replica by now.</remarks>
    public void Take(RouteFrame query, ReplicaHealth health, FallbackStage stage, Exception error)
    {
        Count(health, error, health.Classify(error, opening: stage == FallbackStage.Connection, options));
        if (DatabaseProvider.MayLackType(error) && replica.Connection is not null && health.TryBeginReload())
            _ = ReloadTypesAsync(replica.CreateSideConnection());
        FallbackPolicy.Take(query, health, RouteReason.ReplicaUnavailable, stage, report.ContextName, report.Logger, error);
    }

    /// <summary>Returns whether an error of the library's own command on the replica means that the replica was unavailable.</summary>
    public bool IsLost([NotNullWhen(true)] Exception? error) => error is not null && Classify(error, opening: false) == ReplicaErrorKind.Unavailable;

    /// <summary>Records such an error against the replica.</summary>
    public void Lost(Exception error) => Count(replica.Health, error, ReplicaErrorKind.Unavailable);

    private void Count(ReplicaHealth health, Exception error, ReplicaErrorKind failure)
    {
        if (health.RecordFailure(error, failure))
            Log.ReplicaLost(report.Logger, report.ContextName, health.ServerName, ErrorCode.GetWithText(error));
    }

    // Runs beside the query, on a connection of its own. The query does not wait for it, and its ambient flow is not captured.
    private void Probe(ReplicaHealth health, bool onlyIfDue)
    {
        if (replica.Connection is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static probe => _ = probe(), ProbeOf(report, health, onlyIfDue, replica.CreateSideConnection()), preferLocal: false);
    }

    private static Func<Task> ProbeOf(RouteReporter report, ReplicaHealth health, bool onlyIfDue, SideConnection connect)
    {
        // Captures nothing else of the context, which may be disposed by then.
        var (logger, context) = (report.Logger, report.ContextName);
        return async () =>
        {
            if (!await health.ProbeAsync(onlyIfDue, () => AskAsync(connect)).ConfigureAwait(false))
                return;
            if (health.IsBroken)
                Log.ReplicaLost(logger, context, health.ServerName, "it did not answer a probe");
            else
                Log.ReplicaBack(logger, context, health.ServerName);
        };
    }

    private static async Task ReloadTypesAsync(SideConnection connect)
    {
        try
        {
            await ReplicaConnection.ReloadTypesAsync(connect, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // No caller waits for this. The next query that misses a type tries again.
        }
    }

    private static async Task AskAsync(SideConnection connect)
    {
        var connection = await connect(async: true, CancellationToken.None).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await ServerQuery.ReadRowAsync("SELECT 1", connection, transaction: null, state: 0, static (_, _) => true, async: true, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
