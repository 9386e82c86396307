using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Cqrs.Routing.Benchmarks.Full;

/// <summary>The same candidates with BenchmarkDotNet.</summary>
internal static class FullRun
{
    // Enough for an error of a few hundredths, in a quarter of an hour for all.
    private const int WarmUps = 5;
    private const int Iterations = 15;

    public static int Run(string[] switches)
    {
        // In this process: a generated project would need the stand-in for MediatR.Contracts, and each a pair of servers of its own.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(WarmUps).WithIterationCount(Iterations));
        var summaries = BenchmarkSwitcher.FromTypes([typeof(DispatchBenchmarks), typeof(SqliteBenchmarks), typeof(PostgreSqlBenchmarks)])
            .Run(switches.Length > 0 ? switches : ["--filter", "*"], config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
