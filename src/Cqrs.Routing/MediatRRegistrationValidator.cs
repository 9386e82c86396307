using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing;

/// <summary>Checks, when the host starts, that a mediator is registered.</summary>
internal sealed class MediatRRegistrationValidator(IServiceProviderIsService registered) : IValidateOptions<MediatRStartupOptions>
{
    public ValidateOptionsResult Validate(string? name, MediatRStartupOptions startup) => registered.IsService(typeof(IMediator))
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            "AddRoutingBehavior() was called, but MediatR is not registered, so nothing would be routed. "
            + "Call services.AddMediatR(...) as well, or remove AddRoutingBehavior(). [CR244]");
}
