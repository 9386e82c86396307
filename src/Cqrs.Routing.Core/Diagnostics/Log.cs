using Cqrs.Routing.Internal;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Diagnostics;

/// <summary>Defines all log messages. Event ids are stable. No message contains a parameter value.</summary>
internal static partial class Log
{
    public const string Category = "Cqrs.Routing";

    [LoggerMessage(1, LogLevel.Warning, "{Request} is neither a query nor a command, so it runs on the primary. Give the type a marker (IQuery<T>, IStreamQuery<T> or ICommand with MediatR; RoutingOptions.AddQueryMarker names another), or name a convention (RoutingOptions.ClassifyByNameSuffix()). [CR001]")]
    public static partial void Unclassified(ILogger logger, string request);

    [LoggerMessage(2, LogLevel.Warning, "The first {Count} reads of query {Request} all ran on the primary, the last one because of {Reason}. {Advice}; otherwise the replica stays idle. [CR002]")]
    public static partial void QueryNeverReachesReplica(ILogger logger, string request, int count, RouteReason reason, string advice);

    [LoggerMessage(3, LogLevel.Warning, "{Context} stays on the primary: {Cause} [CR003]")]
    public static partial void ReplicaMismatch(ILogger logger, string context, string cause);

    [LoggerMessage(4, LogLevel.Warning, "{Context} calls UseReplica, but its services have no routing, so requests are neither routed nor guarded, and queries may miss what their session wrote. Call services.AddRoutingBehavior() where MediatR is registered, or services.AddCqrsRoutingCore() without MediatR. [CR004]")]
    public static partial void NothingRouted(ILogger logger, string context);

    [LoggerMessage(5, LogLevel.Debug, "{Request}: {Context} on {Route} ({Reason}) [CR005]")]
    public static partial void Bound(ILogger logger, string request, string context, DatabaseRole route, RouteReason reason);

    [LoggerMessage(6, LogLevel.Warning, "The position of the {Server} cannot be read, so sessions that wrote stay on the primary until they expire (RoutingOptions.SessionLifetime): {Problem}. Grant what PositionSources asks for, or use the time window: UseReplica(..., replica => replica.PositionSource = PositionSources.None). [CR006]")]
    public static partial void PositionUnreadable(ILogger logger, string server, string problem);

    [LoggerMessage(7, LogLevel.Warning, "The replica of {Context} replays another database ({Replica}) than its primary writes ({Primary}), so it is not a copy of it. Queries of sessions that wrote stay on the primary. [CR007]")]
    public static partial void OtherReplica(ILogger logger, string context, string replica, string primary);

    [LoggerMessage(11, LogLevel.Error, "The position of the primary of database {Database} went backwards: it was restored from a backup, or another server answers in its place. Sessions that had written before that use the primary. A replica that is ahead of its primary is not a replica of it: rebuild that replica. [CR011]")]
    public static partial void PositionWentBackwards(ILogger logger, string database);

    [LoggerMessage(12, LogLevel.Warning, "A command ran and its session was not passed on: its dependency injection scope has ended, or it had none (RouteScope or a singleton, with a context from a pool or factory). A query without that session has read from the replica since. If both belong to one user, the query may not see the command's writes. Use one scope for both, RoutingSession.Begin() around both, UseRoutingSessions (ASP.NET Core), or RoutingSession.GetTokenAsync and TryResume. [CR012]")]
    public static partial void SessionNotCarried(ILogger logger);

    [LoggerMessage(8, LogLevel.Warning, "{Request} continues on the primary: the replica of {Context} at {Server} could not serve it ({Stage}; {Error}). If this happens to every query, check the connection string that UseReplica gets, and the replica. [CR008]")]
    public static partial void FellBack(ILogger logger, string request, string context, string server, FallbackStage stage, string error);

    [LoggerMessage(9, LogLevel.Warning, "The replica of {Context} at {Server} is not available ({Error}). Its queries run on the primary until it is, or fail if FallbackToPrimary is off. [CR009]")]
    public static partial void ReplicaLost(ILogger logger, string context, string server, string error);

    [LoggerMessage(10, LogLevel.Information, "The replica of {Context} at {Server} is available again. [CR010]")]
    public static partial void ReplicaBack(ILogger logger, string context, string server);

    [LoggerMessage(20, LogLevel.Warning, "The replica of {Context} lags by {Lag}, beyond the limits (ReplicaOptions.MaxLag, MaxLagBytes). Its queries run on the primary until it has caught up. [CR020]")]
    public static partial void ReplicaLags(ILogger logger, string context, string lag);

    [LoggerMessage(21, LogLevel.Error, "The server configured as the replica of {Context} is not a replica of its primary: {Finding}. Its queries run on the primary. If it is not maintained by the database's own replication, turn this check off: MonitorInterval = TimeSpan.Zero. [CR021]")]
    public static partial void NotAReplica(ILogger logger, string context, string finding);

    [LoggerMessage(22, LogLevel.Information, "The replica of {Context} serves queries again: it lags by {Lag}. [CR022]")]
    public static partial void ReplicaServes(ILogger logger, string context, string lag);

    [LoggerMessage(23, LogLevel.Warning, "The lag of the replica of {Context} cannot be measured, so its limits (ReplicaOptions.MaxLag, MaxLagBytes) have no effect: {Problem}. [CR023]")]
    public static partial void LagUnmeasured(ILogger logger, string context, string problem);

    [LoggerMessage(24, LogLevel.Warning, "It cannot be determined whether the replica of {Context} is a replica of its primary: {Problem}. Queries still use it. [CR024]")]
    public static partial void RoleUnknown(ILogger logger, string context, string problem);

    [LoggerMessage(25, LogLevel.Error, "The primary of {Context} takes no writes ({Error}): it is read-only, as the old primary is after a failover, or as a replica is: check that the connection strings of primary and replica are not swapped. The command failed and is not run again. Connections from before the failover stay in their pool: clear it (NpgsqlConnection.ClearAllPools(), SqlConnection.ClearAllPools()) or restart; limit their age (Connection Lifetime, Load Balance Timeout); and give the driver a name that always leads to the primary (a listener; several hosts with Target Session Attributes=primary). [CR025]")]
    public static partial void PrimaryReadOnly(ILogger logger, string context, string error);

    [LoggerMessage(EventId = 26, Message = "{Report}")]
    public static partial void SelfCheckReport(ILogger logger, LogLevel level, string report);

    [LoggerMessage(30, LogLevel.Error, "RoutingRolloutOptions cannot be read, so the former setting stays: {Problem} [CR030]")]
    public static partial void RolloutInvalid(ILogger logger, string problem);

    [LoggerMessage(37, LogLevel.Warning, "RoutingRolloutOptions.Requests has entries without effect, because no request type with a handler has that name: {Names}. Write the name as in C#, with the declaring type or the namespace if there is one: GetOrder, GetOrder.Query, Shop.Orders.GetOrder; a scope as RouteScope.BeginQuery(name). [CR037]")]
    public static partial void RolloutNamesUnknown(ILogger logger, string names);

    [LoggerMessage(38, LogLevel.Warning, "{Request} answered with {Answer}, which reads when its caller enumerates it. The request has ended by then, so it reads from the primary, and nothing keeps it from writing. Return the rows (ToListAsync), or make the request a stream (IStreamQuery<T>). [CR038]")]
    public static partial void DeferredAnswer(ILogger logger, string request, string answer);

    [LoggerMessage(39, LogLevel.Warning, "{Request} has [MaxStaleness], but the database of {Context} has no position source, so the age of its data is unknown and the query runs on the primary. Name a source (ReplicaOptions.PositionSource), or remove [MaxStaleness]. [CR039]")]
    public static partial void StalenessUnknown(ILogger logger, string request, string context);

    [LoggerMessage(40, LogLevel.Warning, "A statement of {Request} failed on the replica of {Context} at {Server} ({Error}). It did not run on the primary, because a statement with such an error usually fails there too. If it does not, the replica lacks what the primary has: compare their tables, columns and permissions. [CR040]")]
    public static partial void FailedOnReplica(ILogger logger, string request, string context, string server, string error);

    [LoggerMessage(41, LogLevel.Information, "{Context} has no replica, because UseReplica got no connection string (null or blank). Everything runs on the primary, and queries still cannot write. If it should have one, check the name that the connection string is read by; RoutingOptions.RequireReplica makes a missing one an error. [CR041]")]
    public static partial void WithoutReplica(ILogger logger, string context);

    [LoggerMessage(42, LogLevel.Error, "The server that is configured as the primary of {Context} is a read-only copy, so every command fails. {Advice}. [CR042]")]
    public static partial void PrimaryIsReadOnlyCopy(ILogger logger, string context, string advice);

    [LoggerMessage(43, LogLevel.Warning, "No registered context calls UseReplica, so nothing is routed, and queries can write. Call .UseReplica(\"...\") where a context is added; UseReplica(null) if there is no replica yet. [CR043]")]
    public static partial void NoContextRouted(ILogger logger);

    [LoggerMessage(31, LogLevel.Warning, "{Context} has a replica and was used {Count} times, but never by a query, so the replica stays idle. Mark requests that only read (IQuery<T> with MediatR), name a convention (RoutingOptions.ClassifyByNameSuffix()), or begin a query where no mediator is used (RouteScope.BeginQuery()). If MediatR's requests are marked, call services.AddRoutingBehavior() and send them through the mediator. [CR031]")]
    public static partial void NoQuerySeen(ILogger logger, string context, int count);

    [LoggerMessage(32, LogLevel.Information, "{Request} tracks {Entity} with {Context}. Tracked entities come from the primary, so the query moved there, and later requests of this type begin there. If it only displays the data, let the replica serve it: AsNoTracking(), or a projection (Select). [CR032]")]
    public static partial void TracksEntities(ILogger logger, string request, string entity, string context);

    [LoggerMessage(33, LogLevel.Warning, "{Request} is a query and was kept from writing: {Attempt} through {Context}. {Advice} Further refusals of this request are only counted (cqrs.routing.refusals). [CR033]")]
    public static partial void WriteRefused(ILogger logger, string request, string attempt, string context, string advice);

    [LoggerMessage(34, LogLevel.Information, "{Request} left the connection of {Context} open, so it was closed when the query ended: a command in the same scope needs the primary. Close it in the query (CloseConnectionAsync, or await using). [CR034]")]
    public static partial void LeftOpen(ILogger logger, string request, string context);

    [LoggerMessage(35, LogLevel.Warning, "{Request} has ended, but a transaction or a reader of {Context} that it began is still open. It keeps its connection, so until it is closed, a command in the same scope fails, or runs inside that transaction if it is on the primary. Dispose it in the query, or read its rows to the end there. [CR035]")]
    public static partial void StillOpen(ILogger logger, string request, string context);

    [LoggerMessage(36, LogLevel.Warning, "{Context} replaces {Service} with {Own}. This removes the wrapper around that service with which Cqrs.Routing routes the context or guards its queries. Replace the service inside the wrapper instead, so that both work: {Advice}. [CR036]")]
    public static partial void ServiceReplaced(ILogger logger, string context, string service, string own, string advice);
}
