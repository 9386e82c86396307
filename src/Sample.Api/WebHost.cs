using System.Text.Json.Serialization;
using Sample.Api.Endpoints;
using Sample.Api.Errors;
using Sample.Api.Traces;
using Scalar.AspNetCore;

namespace Sample.Api;

internal static class WebHost
{
    private const string Title = "Cqrs.Routing sample";
    private const string DefaultUrl = "http://localhost:5080";
    private static readonly string[] WaysToSetTheAddress = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (!WaysToSetTheAddress.Any(key => builder.Configuration.GetSection(key).Exists()))
            builder.WebHost.UseUrls(DefaultUrl);
        // The last source, so that what the page changes counts.
        builder.Configuration.AddInMemoryCollection();
        builder.Host.UseDefaultServiceProvider(options => options.ValidateScopes = options.ValidateOnBuild = true);
        builder.Services
            .AddSample(builder.Configuration)
            .AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = Title;
                return Task.CompletedTask;
            }))
            .AddProblemDetails()
            .AddExceptionHandler<ProblemHandler>()
            .ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));

        var app = builder.Build();
        app.UseMiddleware<RouteTraceMiddleware>();
        app.UseExceptionHandler();
        app.UseRoutingSessions();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapOpenApi();
        app.MapScalarApiReference(options => options
            .WithTitle(Title).DisableDefaultFonts().DisableTelemetry().DisableAgent().HideDeveloperTools());
        app.MapOrders();
        app.MapMistakes();
        app.MapReplication();
        app.MapRouteLog();
        app.MapRollout();
        app.MapHealth();
        return app;
    }
}
