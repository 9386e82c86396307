using MediatR;

namespace Cqrs.Routing;

/// <summary>Handles an <see cref="IQuery{TResult}"/>.</summary>
/// <typeparam name="TQuery">The query.</typeparam>
/// <typeparam name="TResult">What the query returns.</typeparam>
public interface IQueryHandler<in TQuery, TResult> : IRequestHandler<TQuery, TResult>
    where TQuery : IQuery<TResult>;
