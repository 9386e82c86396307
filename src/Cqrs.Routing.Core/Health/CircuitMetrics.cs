using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Health;

/// <summary>The circuits of this process's replicas and which contexts use them, for the metric that shows their states. Keeps none of them alive. Thread safe.</summary>
internal static class CircuitMetrics
{
    public const string Closed = "closed";
    public const string Open = "open";

    private static readonly ObservableUpDownCounter<int> Status = RoutingMetrics.Meter.CreateObservableUpDownCounter(
        RoutingMetrics.Circuits, Observe, "{replica}", "Replicas by the state of their circuit: open while queries leave one alone because it did not answer.");

    private static readonly ConditionalWeakTable<ReplicaHealth, ConcurrentDictionary<Type, bool>> Contexts = new();

    /// <summary>A context uses the replica. Of a known one it takes no lock: contexts that are not pooled say so again and again.</summary>
    public static void Add(ReplicaHealth replica, Type context)
    {
        var contexts = Contexts.GetOrAdd(replica, static _ => new());
        if (!contexts.ContainsKey(context))
            contexts.TryAdd(context, true);
    }

    /// <summary>How many replicas of each context are in each state, also where there is none: OpenTelemetry's rule for states.</summary>
    public static IEnumerable<Measurement<int>> Observe() =>
        from entry in Contexts.SelectMany(static entry => entry.Value.Keys, static (entry, context) => (Context: TypeNames.Format(context), entry.Key.IsBroken))
        group entry.IsBroken by entry.Context into replicas
        from open in new[] { false, true }
        select new Measurement<int>(
            replicas.Count(isBroken => isBroken == open),
            new(RoutingMetrics.ContextTag, replicas.Key),
            new(RoutingMetrics.StateTag, open ? Open : Closed));
}
