using MediatR;

namespace Cqrs.Routing;

/// <summary>Handles an <see cref="ICommand"/>.</summary>
/// <typeparam name="TCommand">The command type.</typeparam>
public interface ICommandHandler<in TCommand> : IRequestHandler<TCommand>
    where TCommand : ICommand;
