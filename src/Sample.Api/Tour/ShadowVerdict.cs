using Cqrs.Routing;
using Sample.Api.Demo;
using Sample.Application.Orders;
using Sample.Infrastructure.Replication;
using Spectre.Console;

namespace Sample.Api.Tour;

/// <summary>Prints the report of shadow mode, and says whether it found every mistake that was planted.</summary>
internal static class ShadowVerdict
{
    public static async Task<bool> PrintAsync(IServiceProvider services)
    {
        var report = services.GetRequiredService<ShadowReport>();
        // Without a pause the tour plants no stale read.
        var isStaleReadPlanted = (await services.GetRequiredService<IReplication>().GetStatusAsync(CancellationToken.None)).CanPause;
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(report.ToString());
        AnsiConsole.WriteLine();
        string[] missing =
        [
            .. Missing(report, nameof(MarkOrderSeen), "the query that writes", request => request.Writes),
            .. Missing(report, nameof(GetReceipt), "the query that sends a command", request => request.Commands),
            .. isStaleReadPlanted ? Missing(report, nameof(GetOrder), "the stale read", request => request.Stale) : [],
        ];
        AnsiConsole.MarkupLine(missing.Length == 0
            ? "[green]The report names every planted problem.[/]"
            : $"[red]The report does not name {Markup.Escape(string.Join(", ", missing))}.[/]");
        return missing.Length == 0;
    }

    private static IEnumerable<string> Missing(ShadowReport report, string name, string problem, Func<ShadowedRequest, long> count) =>
        report.Requests.Any(request => request.Name == name && count(request) > 0) ? [] : [problem];
}
