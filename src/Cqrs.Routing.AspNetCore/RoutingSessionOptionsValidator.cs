using Microsoft.Extensions.Options;

namespace Cqrs.Routing.AspNetCore;

internal sealed class RoutingSessionOptionsValidator : IValidateOptions<RoutingSessionOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingSessionOptions options)
    {
        if (!options.UseCookies && options.HeaderName is null)
            return ValidateOptionsResult.Fail("AddRoutingSessions has neither cookies nor a header to carry a session in. Leave UseCookies on, or set HeaderName. [CR241]");
        if (options.HeaderName is not null && string.IsNullOrWhiteSpace(options.HeaderName))
            return ValidateOptionsResult.Fail("AddRoutingSessions: HeaderName is blank. Give a header's name, or null for no header. [CR242]");
        if (options.HeaderName?.FirstOrDefault(static letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')) is { } other and not '\0')
            return ValidateOptionsResult.Fail($"AddRoutingSessions: HeaderName is '{options.HeaderName}', but the name of a header has no '{other}'. Use letters, digits and hyphens, as in Routing-Session. [CR247]");
        return ValidateOptionsResult.Success;
    }
}
