using System.Collections.Concurrent;
using Cqrs.Routing.DifferentialTests.Programs;
using Cqrs.Routing.DifferentialTests.Running;

namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>As many benches as programs run at a time.</summary>
public sealed class Benches(World world) : IDisposable
{
    private readonly ConcurrentBag<Bench> _free = [];
    private readonly ConcurrentBag<Bench> _all = [];

    /// <summary>Runs a program on EF Core alone and on the other wiring.</summary>
    public async Task<Difference?> CompareAsync(RandomProgram program, Wiring wiring)
    {
        if (!_free.TryTake(out var bench))
            _all.Add(bench = new(world));
        try
        {
            var expected = await ProgramRun.RunAsync(program, Wiring.Plain, bench);
            var actual = await ProgramRun.RunAsync(program, wiring, bench);
            return Difference.Find(expected, actual);
        }
        finally
        {
            _free.Add(bench);
        }
    }

    public void Dispose()
    {
        foreach (var bench in _all)
            bench.Dispose();
    }
}
