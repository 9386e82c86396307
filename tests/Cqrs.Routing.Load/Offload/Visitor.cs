using System.Diagnostics;
using Cqrs.Routing.Load.Application;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Offload;

/// <summary>
/// A visitor of a shop: nine requests of ten read, one to three queries each; the tenth writes and shows the result; a third to one and a half seconds between them.
/// </summary>
internal sealed class Visitor(int id, IReadOnlyList<ServiceProvider> instances, Strategy strategy, int seed, long held, Measures measures)
{
    private const int SharedRow = 0;

    private readonly Random _random = new(seed);
    private long _written = held;

    public async Task RunAsync(CancellationToken over)
    {
        var user = new UserSession(instances, strategy.CarriesTokens, _random);
        while (true)
        {
            await Task.Delay(_random.Next(330, 1500), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
                return;

            var writes = _random.Next(10) == 0;
            var queries = writes ? 1 : _random.Next(1, 4);
            await user.RequestAsync(sender => HandleAsync(sender, writes, queries), CancellationToken.None);
        }
    }

    private async Task HandleAsync(ISender sender, bool writes, int queries)
    {
        if (writes)
            await sender.Send(new ChangeRow(id, ++_written, WriteKind.SaveChanges));
        for (; queries > 0; queries--)
        {
            var begin = Stopwatch.GetTimestamp();
            var reading = await sender.Send(new ReadRows(id, SharedRow));
            measures.Query(Stopwatch.GetElapsedTime(begin), reading.OnReplica, stale: reading.Own < _written);
        }
    }
}
