namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>Stands for what is known of a request type.</summary>
internal sealed class FloorTraits<TRequest>;
