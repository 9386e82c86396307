using System.Diagnostics;
using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Faults;
using Cqrs.Routing.Load.Chaos.Servers;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>One application under load, whose standby is taken away again and again.</summary>
internal sealed class Pass : IAsyncDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ChaosServers _servers;
    private readonly IReadOnlyList<ServiceProvider> _instances;
    private readonly int _seed;

    public Pass(ChaosServers servers, bool fallBack, int seed)
    {
        (_servers, _seed) = (servers, seed);
        ReplicaWrites = new(servers.Proxy.Port);
        _instances = ChaosInstances.Start(servers, ReplicaWrites, fallBack);
        Tally = new(Faults);
        Fallbacks = new(Faults);
    }

    public FaultLog Faults { get; } = new();

    public Tally Tally { get; }

    public FallbackMeter Fallbacks { get; }

    public ReplicaWrites ReplicaWrites { get; }

    /// <summary>Rows that the promoted standby took from anybody before it was rebuilt.</summary>
    public long WrittenWhilePromoted { get; private set; }

    public Books? Books { get; private set; }

    public Figures? Before { get; private set; }

    public Figures? After { get; private set; }

    /// <summary>How long it took until the replica served both instances again: after the last fault, and after it was promoted and rebuilt. Null if it never did.</summary>
    public List<TimeSpan?> Back { get; } = [];

    public async Task RunAsync(int workers, TimeSpan duration, bool promotes, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<int, long> held;
        await using (var db = _servers.Primary())
            held = await db.Rows.ToDictionaryAsync(row => row.Id, row => row.Value, cancellationToken);
        var all = Enumerable.Range(1, workers).Select(id => new Worker(id, _instances, _seed + id, held[id], _servers.ReadRowAsync, Tally)).ToList();

        await LoadAsync(all, () => Task.Delay(WarmUp, cancellationToken), cancellationToken);
        Before = await Figures.AtRestAsync(_servers, cancellationToken);
        await LoadAsync(all, () => DisturbAsync(duration, promotes, cancellationToken), cancellationToken);
        After = await Figures.AtRestAsync(_servers, cancellationToken);
        Books = await Books.CloseAsync(_servers, all, held[Worker.SharedRow], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Fallbacks.Dispose();
        foreach (var instance in _instances)
            await instance.DisposeAsync();
    }

    private static async Task LoadAsync(List<Worker> workers, Func<Task> meanwhile, CancellationToken cancellationToken)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = workers.Select(worker => Task.Run(() => worker.RunAsync(until.Token, cancellationToken), cancellationToken)).ToList();
        try
        {
            await meanwhile();
        }
        finally
        {
            await until.CancelAsync();
            await Task.WhenAll(load);
        }
    }

    private async Task DisturbAsync(TimeSpan duration, bool promotes, CancellationToken cancellationToken)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        until.CancelAfter(duration);
        await Task.WhenAll(
            new FaultSchedule([.. ServerFaults.All, .. ReplayFaults.All], _servers, Faults, _seed).RunAsync(until.Token),
            new FaultSchedule(NetworkFaults.All, _servers, Faults, _seed + 1).RunAsync(until.Token),
            Minutes.PrintAsync(_servers, Tally, until.Token));
        cancellationToken.ThrowIfCancellationRequested();
        if (!promotes)
            return;

        Back.Add(await AwaitReplicaAsync(cancellationToken));
        using (Faults.Begin(ServerFaults.Promoted))
            WrittenWhilePromoted = await ServerFaults.PromoteAsync(_servers, cancellationToken);
        Back.Add(await AwaitReplicaAsync(cancellationToken));
    }

    private async Task<TimeSpan?> AwaitReplicaAsync(CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        foreach (var instance in _instances)
        {
            while (!await AnswersOnReplicaAsync(instance, cancellationToken))
            {
                if (Stopwatch.GetElapsedTime(begin) > Patience)
                    return null;
                await Task.Delay(20, cancellationToken);
            }
        }

        return Stopwatch.GetElapsedTime(begin);
    }

    private static async Task<bool> AnswersOnReplicaAsync(ServiceProvider instance, CancellationToken cancellationToken)
    {
        await using var scope = instance.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ISender>().Send(new ReadRows(Worker.SharedRow, Worker.SharedRow), cancellationToken)).OnReplica;
    }
}
