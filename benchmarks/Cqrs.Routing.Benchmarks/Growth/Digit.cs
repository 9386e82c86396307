namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>A decimal digit of a number that is written as a type.</summary>
internal sealed class Digit<TValue, TRest>;
