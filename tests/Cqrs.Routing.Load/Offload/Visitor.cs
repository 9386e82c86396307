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

            var kind = _random.Next(10);
            var queries = kind == 0 ? 1 : _random.Next(1, 4);
            await user.RequestAsync(sender => HandleAsync(sender, kind, queries), CancellationToken.None);
        }
    }

    private async Task HandleAsync(ISender sender, int kind, int queries)
    {
        if (kind == 0)
            await sender.Send(new ChangeRow(id, ++_written, WriteKind.SaveChanges));
        else if (kind == 1 && strategy.Idle)
            await sender.Send(new ChangeNothing(id, RollsBack: false));
        for (; queries > 0; queries--)
        {
            var begin = Stopwatch.GetTimestamp();
            var reading = strategy.Tracks && _random.Next(6) == 0 ? await sender.Send(new ReadRowTracked(id)) : await sender.Send(new ReadRows(id, SharedRow));
            measures.Query(Stopwatch.GetElapsedTime(begin), reading.OnReplica, stale: reading.Own < _written);
        }
    }
}
