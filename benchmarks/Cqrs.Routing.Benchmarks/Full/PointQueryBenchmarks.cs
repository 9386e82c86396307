using BenchmarkDotNet.Attributes;
using Cqrs.Routing.Benchmarks.Measuring;
using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Full;

/// <summary>A point query, on the database that a derived class names.</summary>
[MemoryDiagnoser]
public abstract class PointQueryBenchmarks
{
    private const int Times = 100;
    private NotesServers? _servers;
    private PointQueryCandidates? _candidates;
    private IReadOnlyList<Candidate> _all = [];

    [Params(false, true)]
    public bool Tracked { get; set; }

    [GlobalSetup]
    public async Task Build()
    {
        _servers = await StartAsync();
        _candidates = new(_servers);
        await _candidates.FillPoolsAsync();
        _all = Tracked ? _candidates.Tracked : _candidates.Untracked;
    }

    [GlobalCleanup]
    public async Task Dispose()
    {
        _candidates?.Dispose();
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    [Benchmark(OperationsPerInvoke = Times, Baseline = true)]
    public Task Plain() => _all[0].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task PlainAgain() => _all[1].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task AsyncLocalThatNobodyReads() => _all[2].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task TwoContextTypes() => _all[3].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task RewritingInterceptor() => _all[4].RunAsync(Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public Task Routed() => _all[5].RunAsync(Times);

    private protected abstract Task<NotesServers> StartAsync();
}
