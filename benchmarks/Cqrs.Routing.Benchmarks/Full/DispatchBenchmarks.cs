using BenchmarkDotNet.Attributes;
using Cqrs.Routing.Benchmarks.Dispatch;
using Cqrs.Routing.Benchmarks.Measuring;

namespace Cqrs.Routing.Benchmarks.Full;

/// <summary>Dispatch, with the number of other AsyncLocals in the flow as the parameter.</summary>
[MemoryDiagnoser]
public class DispatchBenchmarks
{
    private const int Times = 1000;
    private readonly DispatchCandidates _candidates = new();
    private IReadOnlyList<Candidate> _all = [];

    [Params(0, 4)]
    public int OtherLocals { get; set; }

    [GlobalSetup]
    public void Build() => _all = _candidates.In(OtherLocals);

    [GlobalCleanup]
    public void Dispose() => _candidates.Dispose();

    [Benchmark(OperationsPerInvoke = Times)]
    public Task MediatRAlone() => _all[0].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times, Baseline = true)]
    public Task EmptyBehavior() => _all[1].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task Floor() => _all[2].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task Query() => _all[4].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task Command() => _all[5].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task QueryInCommand() => _all[7].RunAsync(Times);
}
