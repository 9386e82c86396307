using FluentValidation;
using Sample.Application.Behaviors;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the use cases.</summary>
public static class SampleApplicationServices
{
    /// <summary>Adds MediatR with the handlers, the validators and the two behaviors of this application.</summary>
    public static IServiceCollection AddSampleApplication(this IServiceCollection services) =>
        services
            .AddMediatR(mediatR => mediatR
                .RegisterServicesFromAssemblyContaining(typeof(SampleApplicationServices))
                .AddOpenBehavior(typeof(ValidationBehavior<,>))
                .AddOpenBehavior(typeof(TransactionBehavior<,>)))
            .AddValidatorsFromAssembly(typeof(SampleApplicationServices).Assembly, includeInternalTypes: true);
}
