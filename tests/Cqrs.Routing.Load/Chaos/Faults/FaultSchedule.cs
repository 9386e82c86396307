using Cqrs.Routing.Load.Chaos.Servers;

namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>Deals faults like cards: all of them, shuffled, and again, with calm between them. The same seed, the same faults.</summary>
internal sealed class FaultSchedule(IReadOnlyList<Fault> faults, ChaosServers servers, FaultLog log, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Injects faults until it is told to stop, and ends the last one.</summary>
    public async Task RunAsync(CancellationToken until)
    {
        while (true)
        {
            foreach (var fault in Shuffled())
            {
                await Task.Delay(_random.Next(300, 1800), until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (until.IsCancellationRequested)
                    return;
                using (log.Begin(fault.Name))
                    await fault.InjectAsync(servers, _random, CancellationToken.None);
            }
        }
    }

    private Fault[] Shuffled()
    {
        var deck = faults.ToArray();
        _random.Shuffle(deck);
        return deck;
    }
}
