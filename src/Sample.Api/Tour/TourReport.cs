using Cqrs.Routing;
using Sample.Infrastructure.Servers;
using Spectre.Console;

namespace Sample.Api.Tour;

/// <summary>Runs the tour and prints it as a table.</summary>
internal static class TourReport
{
    // Redirected output has no width of its own, and Spectre's 80 columns break every line of the table.
    private const int NarrowestWidth = 140;

    /// <returns>Whether everything was on the server where it belongs.</returns>
    public static async Task<bool> RunAsync(IServiceProvider services, bool inShadow, CancellationToken cancellationToken)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, NarrowestWidth);
        var provider = services.GetRequiredService<DatabaseServers>().Provider;
        var table = new Table { Title = new($"{(inShadow ? "Shadow mode: everything on the primary" : "Queries on the replica, commands on the primary")} ({provider})"), Border = TableBorder.Rounded }
            .AddColumns("", "Request", "Server", "Reason")
            .AddColumn(new TableColumn("Primary / replica commands").RightAligned())
            .AddColumn("What it shows");

        var failed = 0;
        await foreach (var result in ActivatorUtilities.CreateInstance<TourGuide>(services).WalkAsync(inShadow, cancellationToken))
        {
            failed += result.Passed ? 0 : 1;
            AddRow(table, result);
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(failed == 0
            ? "[green]Everything ran where it belongs.[/]"
            : $"[red]{failed} of {table.Rows.Count} steps did not run where they belong.[/]");
        return failed == 0;
    }

    private static void AddRow(Table table, TourResult result)
    {
        var steps = result.Trace.Steps;
        table.AddRow(
            result.Passed ? "[green]ok[/]" : "[red]WRONG[/]",
            Lines(steps.Select(step => Markup.Escape(step.Request))),
            Lines(steps.Select(step => step.Route == DatabaseRole.Primary ? "[orange1]primary[/]" : "[teal]replica[/]")),
            Lines(steps.Select(step => step.Reason.ToString())),
            $"{result.Trace.PrimaryCommands} / {result.Trace.ReplicaCommands}",
            result.Passed ? Markup.Escape(result.Step.Shows) : Markup.Escape($"{result.Step.Shows}\nexpected: {string.Join(", ", result.Step.Routes)}"));
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
