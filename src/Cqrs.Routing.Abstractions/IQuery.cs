using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that only reads: it runs on the replica and may be run again.</summary>
/// <typeparam name="TResult">What the query returns.</typeparam>
public interface IQuery<out TResult> : IRequest<TResult>;
