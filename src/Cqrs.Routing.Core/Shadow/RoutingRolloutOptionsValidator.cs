using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Shadow;

/// <summary>Checks the percentages at host start and at every change.</summary>
/// <remarks>It also checks the configuration itself if it has the usual section, because a binder silently ignores dictionary entries that it cannot convert.</remarks>
internal sealed class RoutingRolloutOptionsValidator(IConfiguration? configuration = null) : IValidateOptions<RoutingRolloutOptions>
{
    private readonly IConfigurationSection? _requests = configuration?.GetSection(RoutingRolloutOptions.SectionName).GetSection(nameof(RoutingRolloutOptions.Requests));

    public ValidateOptionsResult Validate(string? name, RoutingRolloutOptions options)
    {
        var wrong = options.Requests
            .Prepend(new(nameof(RoutingRolloutOptions.Percent), options.Percent))
            .Where(percent => percent.Value is < 0 or > 100)
            .Select(percent => Message(percent.Key, percent.Value.ToString(CultureInfo.InvariantCulture)))
            .Concat(NoNumbers())
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private IEnumerable<string> NoNumbers() =>
        from request in _requests?.GetChildren() ?? []
        where !int.TryParse(request.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        select Message(request.Key, request.Value is { Length: > 0 } text ? $"'{text}'" : "empty");

    private static string Message(string name, string value) => $"{RoutingRolloutOptions.SectionName}: {name} is {value}, but a percentage must be a whole number between 0 and 100.";
}
