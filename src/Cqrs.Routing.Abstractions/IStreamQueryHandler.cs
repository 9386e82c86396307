using MediatR;

namespace Cqrs.Routing;

/// <summary>Handles an <see cref="IStreamQuery{TResult}"/>.</summary>
/// <typeparam name="TQuery">The query type.</typeparam>
/// <typeparam name="TResult">The element type.</typeparam>
public interface IStreamQueryHandler<in TQuery, out TResult> : IStreamRequestHandler<TQuery, TResult>
    where TQuery : IStreamQuery<TResult>;
