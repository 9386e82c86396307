using MediatR;

namespace Cqrs.Routing;

/// <summary>A request that may write and returns a result: it runs on the primary, once.</summary>
/// <typeparam name="TResult">What the command returns.</typeparam>
public interface ICommand<out TResult> : IRequest<TResult>;
