using FluentValidation;

namespace Sample.Application.Orders;

internal sealed class SearchOrdersValidator : AbstractValidator<SearchOrders>
{
    public SearchOrdersValidator() => RuleFor(query => query.Text).NotEmpty().MaximumLength(100);
}
