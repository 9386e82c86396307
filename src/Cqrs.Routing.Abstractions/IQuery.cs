using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that only reads. It runs on the replica and may be run again.</summary>
/// <typeparam name="TResult">The result type of the query.</typeparam>
public interface IQuery<out TResult> : IRequest<TResult>;
