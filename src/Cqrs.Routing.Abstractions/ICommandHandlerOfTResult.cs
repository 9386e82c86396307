using MediatR;

namespace Cqrs.Routing;

/// <summary>Handles an <see cref="ICommand{TResult}"/>.</summary>
/// <typeparam name="TCommand">The command.</typeparam>
/// <typeparam name="TResult">What the command returns.</typeparam>
public interface ICommandHandler<in TCommand, TResult> : IRequestHandler<TCommand, TResult>
    where TCommand : ICommand<TResult>;
