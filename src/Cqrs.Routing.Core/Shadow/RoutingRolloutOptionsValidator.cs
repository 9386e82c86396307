using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.Shadow;

/// <summary>Checks the percentages at host start and at every change.</summary>
/// <remarks>It also checks the configuration itself if it has the usual section, because a binder silently ignores dictionary entries that it cannot convert, and keys that it does not know.</remarks>
internal sealed class RoutingRolloutOptionsValidator(IConfiguration? configuration = null) : IValidateOptions<RoutingRolloutOptions>
{
    private readonly IConfigurationSection? _section = configuration?.GetSection(RoutingRolloutOptions.SectionName);

    public ValidateOptionsResult Validate(string? name, RoutingRolloutOptions options)
    {
        var wrong = options.Requests
            .Prepend(new(nameof(RoutingRolloutOptions.Percent), options.Percent))
            .Where(percent => percent.Value is < 0 or > 100)
            .Select(percent => Message(percent.Key, percent.Value.ToString(CultureInfo.InvariantCulture)))
            .Concat(NoNumbers())
            .Concat(UnknownKeys())
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private IEnumerable<string> NoNumbers() =>
        from request in _section?.GetSection(nameof(RoutingRolloutOptions.Requests)).GetChildren() ?? []
        where !int.TryParse(request.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        select Message(request.Key, request.Value is { Length: > 0 } text ? $"'{text}'" : "empty");

    // The binder ignores a misspelled key, so the setting that was meant would keep its default. Keys such as "_comment" are the author's notes.
    private IEnumerable<string> UnknownKeys() =>
        from entry in _section?.GetChildren() ?? []
        where char.IsLetter(entry.Key[0])
            && !string.Equals(entry.Key, nameof(RoutingRolloutOptions.Percent), StringComparison.OrdinalIgnoreCase)
            && !string.Equals(entry.Key, nameof(RoutingRolloutOptions.Requests), StringComparison.OrdinalIgnoreCase)
        select $"{RoutingRolloutOptions.SectionName}: {entry.Key} is not a setting. The settings are {nameof(RoutingRolloutOptions.Percent)} and {nameof(RoutingRolloutOptions.Requests)}; request types belong under {nameof(RoutingRolloutOptions.Requests)}. [CR218]";

    private static string Message(string name, string value) => $"{RoutingRolloutOptions.SectionName}: {name} is {value}, but a percentage must be a whole number between 0 and 100. [CR219]";
}
