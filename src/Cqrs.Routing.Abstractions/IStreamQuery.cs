using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that only reads and returns its elements one by one. It stays on its route until the last element.</summary>
/// <typeparam name="TResult">The element type.</typeparam>
public interface IStreamQuery<out TResult> : IStreamRequest<TResult>;
