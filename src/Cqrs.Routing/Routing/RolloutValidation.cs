using System.Globalization;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Routing;

/// <summary>Checks percentages, when the host starts and at every change.</summary>
internal sealed class RolloutValidation : IValidateOptions<RoutingRolloutOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingRolloutOptions options)
    {
        var wrong = options.Requests
            .Prepend(new(nameof(RoutingRolloutOptions.Percent), options.Percent))
            .Where(percent => percent.Value is < 0 or > 100)
            .Select(percent => string.Create(CultureInfo.InvariantCulture, $"{RoutingRolloutOptions.Section}: {percent.Key} is {percent.Value}, but a percentage is between 0 and 100."))
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
