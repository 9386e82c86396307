using FluentValidation;

namespace Sample.Application.Orders;

internal sealed class PlaceOrderValidator : AbstractValidator<PlaceOrder>
{
    public PlaceOrderValidator()
    {
        RuleFor(order => order.Email).NotEmpty().EmailAddress().MaximumLength(200);
        RuleFor(order => order.Name).NotEmpty().MaximumLength(100);
        RuleFor(order => order.Lines).NotEmpty().WithMessage("An order needs at least one line.");
        RuleForEach(order => order.Lines).ChildRules(line =>
        {
            line.RuleFor(l => l.Product).NotEmpty().MaximumLength(100);
            line.RuleFor(l => l.Quantity).InclusiveBetween(1, 1000);
            line.RuleFor(l => l.UnitPrice).InclusiveBetween(0, 100_000);
        });
    }
}
