using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Cqrs.Routing.TestServers;

/// <summary>Runs <c>eng/postgres-pair.sh</c>, the script that people use too.</summary>
internal static partial class PostgresScript
{
    public static string? Problem()
    {
        try
        {
            Run("check");
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Starts a pair that stops when this process is gone, however it ends.</summary>
    public static IReadOnlyDictionary<string, string> Start(string directory, bool secondReplica, TimeSpan? maxStandbyDelay)
    {
        var settings = new Dictionary<string, string?>
        {
            ["PG_SECOND_REPLICA"] = secondReplica ? "1" : "",
            ["PG_MAX_STANDBY_STREAMING_DELAY"] = maxStandbyDelay is { } delay ? $"{(long)delay.TotalMilliseconds}ms" : null,
        };
        return Exports().Matches(Run(["start", directory], settings)).ToDictionary(export => export.Groups["name"].Value, export => export.Groups["value"].Value);
    }

    public static void Stop(string directory) => Run("stop", directory);

    /// <summary>Runs a command on one server of a pair.</summary>
    public static void OnServer(string command, string directory, string name, params string[] arguments) => Run([command, directory, name, .. arguments], []);

    private static string Run(params string[] arguments) => Run(arguments, []);

    private static string Run(string[] arguments, Dictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("bash", [Find(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PG_PAIR_OWNER"] = Environment.ProcessId.ToString() },
        };
        foreach (var (name, value) in settings.Where(setting => setting.Value is not null))
            start.Environment[name] = value;
        using var process = Launch(start);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(error.Result.Trim());
    }

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("eng/postgres-pair.sh needs bash, which is not installed.", exception);
        }
    }

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var script = Path.Combine(directory.FullName, "eng", "postgres-pair.sh");
            if (File.Exists(script))
                return script;
        }

        throw new InvalidOperationException($"No eng/postgres-pair.sh in any directory above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex("^export (?<name>[A-Z0-9_]+)='?(?<value>[^'\n]*)'?$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
