using System.Reflection;
using Cqrs.Routing.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Tests.Diagnostics;

/// <summary>Every log event keeps its id, and no id is used twice.</summary>
public sealed class LogEventTests
{
    [Fact]
    public void Every_event_has_the_id_that_it_had() => typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(method => (Event: method.GetCustomAttribute<LoggerMessageAttribute>(), method.Name))
        .Where(method => method.Event is not null)
        .OrderBy(method => method.Event!.EventId)
        .Select(method => $"{method.Event!.EventId} {method.Name}")
        .ShouldBe(
        [
            "1 Unclassified",
            "2 QueryNeverReachesReplica",
            "3 ReplicaMismatch",
            "4 NothingRouted",
            "5 Bound",
            "6 PositionUnreadable",
            "7 OtherReplica",
            "8 FellBack",
            "9 ReplicaLost",
            "10 ReplicaBack",
            "11 PositionWentBackwards",
            "12 SessionNotCarried",
            "20 ReplicaLags",
            "21 NotAReplica",
            "22 ReplicaServes",
            "23 LagUnmeasured",
            "24 RoleUnknown",
            "25 PrimaryReadOnly",
            "26 SelfCheckReport",
            "30 RolloutInvalid",
            "31 NoQuerySeen",
            "32 TracksEntities",
            "33 WriteRefused",
            "34 LeftOpen",
            "35 StillOpen",
            "36 ServiceReplaced",
            "37 RolloutNamesUnknown",
            "38 DeferredAnswer",
            "39 StalenessUnknown",
            "40 FailedOnReplica",
            "41 WithoutReplica",
            "42 PrimaryIsReadOnlyCopy",
            "43 NoContextRouted",
        ]);
}
