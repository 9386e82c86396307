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
        return ValidateOptionsResult.Success;
    }
}
