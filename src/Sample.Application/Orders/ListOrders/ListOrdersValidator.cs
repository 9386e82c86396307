using FluentValidation;

namespace Sample.Application.Orders;

internal sealed class ListOrdersValidator : AbstractValidator<ListOrders>
{
    public ListOrdersValidator() => RuleFor(query => query.Take).InclusiveBetween(1, 500);
}
