using Cqrs.Routing;
using FluentValidation;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Sample.Application.Domain;
using Sample.Application.Orders;

namespace Sample.Api.Errors;

/// <summary>Answers expected exceptions with a status and their message.</summary>
internal sealed class ProblemHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title) = exception switch
        {
            ValidationException => (StatusCodes.Status400BadRequest, "The request is not valid."),
            OrderNotFoundException => (StatusCodes.Status404NotFound, "Not found."),
            OrderClosedException => (StatusCodes.Status409Conflict, "The order is closed."),
            QueryWriteException => (StatusCodes.Status409Conflict, "A query cannot write."),
            CommandInQueryException => (StatusCodes.Status409Conflict, "A query cannot send a command."),
            NotSupportedException => (StatusCodes.Status409Conflict, "Not possible with this database."),
            _ => default,
        };
        if (title is null)
            return false;

        httpContext.Response.StatusCode = status;
        return await problems.TryWriteAsync(new()
        {
            HttpContext = httpContext,
            ProblemDetails = new ProblemDetails { Status = status, Title = title, Detail = DetailOf(exception) },
        });
    }

    private static string DetailOf(Exception exception) => exception is ValidationException validation
        ? string.Join(' ', validation.Errors.Select(error => error.ErrorMessage).Distinct())
        : exception.Message;
}
