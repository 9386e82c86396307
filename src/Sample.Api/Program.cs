using System.Data.Common;
using Cqrs.Routing;
using Microsoft.AspNetCore.Connections;
using Microsoft.EntityFrameworkCore.Storage;
using Sample.Api.Tour;
using Sample.Infrastructure;
using Spectre.Console;

namespace Sample.Api;

/// <summary>Serves the page, after a tour on the console; with <c>--tour</c> it runs the tour alone, with <c>--tour --shadow</c> one in shadow mode.</summary>
public sealed class Program
{
    private const string TourSwitch = "--tour";
    private const string ShadowSwitch = "--shadow";

    /// <summary>The entry point.</summary>
    /// <returns>0, or 1 if the tour found something on the wrong server or the program could not start.</returns>
    public static async Task<int> Main(string[] args)
    {
        // The command line's configuration would take the argument after a lone switch for its value.
        string[] settings = [.. args.Where(arg => arg is not (TourSwitch or ShadowSwitch))];
        try
        {
            return args.Contains(TourSwitch) ? await TourHost.RunAsync(settings, inShadow: args.Contains(ShadowSwitch)) : await ServeAsync(settings);
        }
        catch (Exception exception) when (exception is SampleConfigurationException or RoutingSelfCheckException or DbException or RetryLimitExceededException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{(exception.InnerException is DbException database ? database : exception).Message}[/]");
            return 1;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{exception.Message}[/]");
            AnsiConsole.MarkupLine("Stop the other program, or choose another address: --urls http://localhost:5081");
            return 1;
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        await using var app = WebHost.Build(args);
        await app.StartAsync();
        if (app.Configuration.GetValue("Tour:AtStart", true))
            await TourReport.RunAsync(app.Services, inShadow: false, app.Lifetime.ApplicationStopping);
        foreach (var url in app.Urls)
            AnsiConsole.MarkupLineInterpolated($"The page: [bold]{url}[/]   API reference: {url}/scalar   Stop: Ctrl+C");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
