using System.Globalization;
using System.Runtime.InteropServices;

namespace Cqrs.Routing.Benchmarks.Measuring;

/// <summary>Where and when something was measured.</summary>
internal static class Machine
{
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTime.UtcNow:yyyy-MM-dd}: {Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load {Load()}.");

    private static string Processor() => Line("/proc/cpuinfo", "model name")?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    // How busy the machine was before the run: the number of processes that ran, on average over a minute.
    private static string Load() => Line("/proc/loadavg", "")?.Split(' ')[0] ?? "unknown";

    private static string? Line(string file, string begin) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(begin, StringComparison.Ordinal)) : null;
}
