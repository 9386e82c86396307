using FluentValidation;
using MediatR;

namespace Sample.Application.Behaviors;

/// <summary>Runs every validator of a request before its handler.</summary>
/// <remarks>
/// A rule may read the database. The validators are constructed before routing begins; they read the right server all the same, because
/// a context is bound when it talks to the database.
/// </remarks>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(
        TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        // One by one: the rules share the scope's context, which does one thing at a time.
        foreach (var validator in validators)
            await validator.ValidateAndThrowAsync(request, cancellationToken);
        return await next();
    }
}
