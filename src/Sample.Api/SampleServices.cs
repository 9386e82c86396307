using Sample.Api.Traces;

namespace Sample.Api;

internal static class SampleServices
{
    /// <summary>What the web application and the tour have in common.</summary>
    public static IServiceCollection AddSample(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddSampleApplication()
            .AddSampleInfrastructure(configuration)
            .AddMediatR(mediatR => mediatR.RegisterServicesFromAssemblyContaining<Program>())
            .AddRouteRecorder()
            .AddSingleton<RouteTraces>()
            .AddSingleton<RouteLog>();
}
