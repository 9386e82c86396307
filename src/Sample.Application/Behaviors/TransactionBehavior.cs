using Cqrs.Routing;
using MediatR;
using Sample.Application.Abstractions;

namespace Sample.Application.Behaviors;

/// <summary>A command is one transaction; a query needs none.</summary>
internal sealed class TransactionBehavior<TRequest, TResponse>(IUnitOfWork unitOfWork) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public Task<TResponse> Handle(
        TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        request is ICommand or ICommand<TResponse>
            ? unitOfWork.InTransactionAsync(_ => next(), cancellationToken)
            : next();
}
