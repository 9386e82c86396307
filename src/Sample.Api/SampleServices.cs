using Cqrs.Routing;
using Microsoft.AspNetCore.DataProtection;
using Sample.Api.Jobs;
using Sample.Api.Traces;

namespace Sample.Api;

internal static class SampleServices
{
    /// <summary>What the web application and the tour have in common.</summary>
    public static IServiceCollection AddSample(this IServiceCollection services, IConfiguration configuration) =>
        services
            // The keys live as long as the process, and so do the tokens that they sign; instances of a real application share theirs.
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
            .AddRoutingSessions()
            .AddSingleton<JobQueue>()
            .AddSingleton<ConfirmationHandler>()
            .AddHostedService<ConfirmationWorker>()
            .AddSampleApplication()
            .AddSampleInfrastructure(configuration)
            .AddMediatR(mediatR => mediatR.RegisterServicesFromAssemblyContaining<Program>())
            .Configure<RoutingRolloutOptions>(configuration.GetSection(RoutingRolloutOptions.SectionName))
            .AddRouteRecorder()
            .AddTelemetry(configuration)
            .AddSingleton<RouteTraces>()
            .AddSingleton<RouteLog>();
}
