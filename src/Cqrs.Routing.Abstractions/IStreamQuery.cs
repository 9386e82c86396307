using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that only reads and returns its elements one by one: it stays on its route until the last element.</summary>
/// <typeparam name="TResult">The type of one element.</typeparam>
public interface IStreamQuery<out TResult> : IStreamRequest<TResult>;
