using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Cqrs.Routing.Benchmarks.Full;

/// <summary>The same candidates with BenchmarkDotNet.</summary>
internal static class FullRun
{
    public static int Run(string[] switches)
    {
        // In this process: a generated project would need the stand-in for MediatR.Contracts, and each a pair of servers of its own.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
        var summaries = BenchmarkSwitcher.FromTypes([typeof(DispatchBenchmarks), typeof(SqliteBenchmarks), typeof(PostgreSqlBenchmarks)])
            .Run(switches.Length > 0 ? switches : ["--filter", "*"], config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
