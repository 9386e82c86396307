using MediatR;

namespace Cqrs.Routing;

/// <summary>Handles an <see cref="IStreamQuery{TResult}"/>.</summary>
/// <typeparam name="TQuery">The query.</typeparam>
/// <typeparam name="TResult">The type of one element.</typeparam>
public interface IStreamQueryHandler<in TQuery, out TResult> : IStreamRequestHandler<TQuery, TResult>
    where TQuery : IStreamQuery<TResult>;
