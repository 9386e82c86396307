using Cqrs.Routing;

namespace Sample.Api.Tour;

/// <summary>Runs the tour without a web server, so that it needs no port.</summary>
internal static class TourHost
{
    public static async Task<int> RunAsync(string[] args, bool inShadow)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (inShadow)
            builder.Configuration[$"{RoutingRolloutOptions.SectionName}:{nameof(RoutingRolloutOptions.Percent)}"] = "0";
        builder.Services.AddSample(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync();
        var passed = await TourReport.RunAsync(host.Services, inShadow, CancellationToken.None);
        if (inShadow)
            passed &= await ShadowVerdict.PrintAsync(host.Services);
        await host.StopAsync();
        return passed ? 0 : 1;
    }
}
