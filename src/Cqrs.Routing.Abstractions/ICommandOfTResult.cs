using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that may write and returns a result. It runs once, on the primary.</summary>
/// <typeparam name="TResult">The result type of the command.</typeparam>
public interface ICommand<out TResult> : IRequest<TResult>;
