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

/// <summary>What one context does when its replica cannot serve a query: tell whether that is so, and send the query to the primary.</summary>
internal sealed class ReplicaFallback(ReplicaConnection replica, RouteReporter report, ReplicaOptions options)
{
    /// <summary>Why the replica is left alone for the time being, if it is: then the query has been sent to the primary.</summary>
    /// <exception cref="ReplicaUnavailableException">It may not go there.</exception>
    public bool Needs(RouteFrame query)
    {
        if (Refusal() is not { } refusal)
            return false;

        Take(query, refusal);
        return true;
    }

    /// <summary>Sends the query to the primary before it has asked the replica for anything.</summary>
    /// <exception cref="ReplicaUnavailableException">It may not go there.</exception>
    public void Take(RouteFrame query, RouteReason refusal) => FallbackPolicy.Take(query, replica.Health, refusal, FallbackStage.Connection, report.ContextName, report.Logger);

    /// <summary>Why the replica is left alone for the time being; null if it is not. Has it asked again, beside the query, when that is due.</summary>
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

    /// <summary>What an error of the replica means.</summary>
    public ReplicaErrorKind Classify(Exception error, bool opening)
    {
        var failure = replica.Health.Classify(error, opening, options);
        // The primary knows the types that were created through it.
        return failure == ReplicaErrorKind.Other && DatabaseProvider.MayLackType(error) && replica.Health.IsReloadDue ? ReplicaErrorKind.Transient : failure;
    }

    /// <summary>Whether the replica, and not the statement or the caller, made a query fail. For exception filters.</summary>
    public bool Catches(Exception error, bool opening, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return false;
        if (Classify(error, opening) != ReplicaErrorKind.Other)
            return true;

        // A statement that was too slow, or a server that has gone without a word: whoever asks next should not find out by waiting.
        if (!opening && replica.Health.IsTimeout(error))
            Probe(replica.Health, onlyIfDue: false);
        return false;
    }

    /// <summary>Sends the query to the primary after the replica failed it.</summary>
    /// <exception cref="ReplicaUnavailableException">It may not go there.</exception>
    public void Take(RouteFrame query, FallbackStage stage, Exception error) => Take(query, replica.Health, stage, error);

    /// <inheritdoc cref="Take(RouteFrame, FallbackStage, Exception)"/>
    /// <remarks>The replica is named where the context may have another one by now.</remarks>
    public void Take(RouteFrame query, ReplicaHealth health, FallbackStage stage, Exception error)
    {
        Count(health, error, health.Classify(error, opening: stage == FallbackStage.Connection, options));
        if (DatabaseProvider.MayLackType(error) && replica.Connection is not null && health.TryBeginReload())
            _ = ReloadTypesAsync(replica.CreateSideConnection());
        FallbackPolicy.Take(query, health, RouteReason.ReplicaUnavailable, stage, report.ContextName, report.Logger, error);
    }

    /// <summary>Whether an error of the library's own command on the replica, if there is one, says that the replica was not there.</summary>
    public bool IsLost([NotNullWhen(true)] Exception? error) => error is not null && Classify(error, opening: false) == ReplicaErrorKind.Unavailable;

    /// <summary>Counts such an error against the replica.</summary>
    public void Lost(Exception error) => Count(replica.Health, error, ReplicaErrorKind.Unavailable);

    private void Count(ReplicaHealth health, Exception error, ReplicaErrorKind failure)
    {
        if (health.RecordFailure(error, failure))
            Log.ReplicaLost(report.Logger, report.ContextName, ErrorCode.Get(error));
    }

    // Beside the query, on a connection of its own: nobody waits for it, and nothing of the query's flow reaches it.
    private void Probe(ReplicaHealth health, bool onlyIfDue)
    {
        if (replica.Connection is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static probe => _ = probe(), ProbeOf(report, health, onlyIfDue, replica.CreateSideConnection()), preferLocal: false);
    }

    private static Func<Task> ProbeOf(RouteReporter report, ReplicaHealth health, bool onlyIfDue, SideConnection connect)
    {
        // Nothing else of the context: it may be gone by then.
        var (logger, context) = (report.Logger, report.ContextName);
        return async () =>
        {
            if (!await health.ProbeAsync(onlyIfDue, () => AskAsync(connect)).ConfigureAwait(false))
                return;
            if (health.IsBroken)
                Log.ReplicaLost(logger, context, "probe");
            else
                Log.ReplicaBack(logger, context);
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
            // Nobody waits for this, and the next query that misses a type tries again.
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
