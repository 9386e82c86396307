using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Health;

/// <summary>Reports the circuit state of this process's replicas per context type as a metric. Holds weak references only. Thread safe.</summary>
internal static class CircuitMetrics
{
    public const string Closed = "closed";
    public const string Open = "open";

    private static readonly ObservableUpDownCounter<int> Status = RoutingMetrics.Meter.CreateObservableUpDownCounter(
        RoutingMetrics.Circuits, Observe, "{replica}", "Replicas by the state of their circuit: open while queries leave one alone because it did not answer.");

    private static readonly ConditionalWeakTable<ReplicaHealth, ConcurrentDictionary<Type, bool>> Contexts = new();

    /// <summary>Records that a context type uses a replica. Takes no lock for a known pair, because contexts that are not pooled call it each time.</summary>
    public static void Add(ReplicaHealth replica, Type context)
    {
        var contexts = Contexts.GetOrAdd(replica, static _ => new());
        if (!contexts.ContainsKey(context))
            contexts.TryAdd(context, true);
    }

    /// <summary>Returns the number of replicas per context type and state. States without replicas are included, as OpenTelemetry requires.</summary>
    public static IEnumerable<Measurement<int>> Observe() =>
        from entry in Contexts.SelectMany(static entry => entry.Value.Keys, static (entry, context) => (Context: TypeNames.Format(context), entry.Key.IsBroken))
        group entry.IsBroken by entry.Context into replicas
        from open in new[] { false, true }
        select new Measurement<int>(
            replicas.Count(isBroken => isBroken == open),
            new(RoutingMetrics.ContextTag, replicas.Key),
            new(RoutingMetrics.StateTag, open ? Open : Closed));
}
