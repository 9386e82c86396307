using Cqrs.Routing.Load.Application;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.ReadYourWrites;

/// <summary>One user after the other: each writes to a row of this worker's own and reads it in the next requests.</summary>
internal sealed class Worker(int id, IReadOnlyList<ServiceProvider> instances, bool carriesTokens, int seed, long held, Tally tally)
{
    /// <summary>The row that all workers increment.</summary>
    public const int SharedRow = 0;

    private const int PairsPerUser = 20;

    private static readonly WriteKind[] Kinds = Enum.GetValues<WriteKind>();

    private readonly Random _random = new(seed);
    private long _written = held;
    private long _seen;

    /// <summary>The row that only this worker writes, and the value that it must hold in the end.</summary>
    public (int Id, long Value) Row => (id, _written);

    public async Task RunAsync(Func<bool> takesAnother, CancellationToken cancellationToken)
    {
        var user = NewUser();
        for (var pair = 1; takesAnother(); pair++)
        {
            try
            {
                await WriteThenReadAsync(user, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                tally.Error(e.ToString());
            }

            tally.Pair();
            if (pair % PairsPerUser == 0)
                user = NewUser();
        }
    }

    private UserSession NewUser()
    {
        _seen = 0;
        return new(instances, carriesTokens, _random);
    }

    private async Task WriteThenReadAsync(UserSession user, CancellationToken cancellationToken)
    {
        await WriteAsync(user, cancellationToken);
        for (var reads = _random.Next(1, 4); reads > 0; reads--)
        {
            await ThinkAsync(cancellationToken);
            await ReadAsync(user, count: _random.Next(8) == 0 ? 2 : 1, cancellationToken);
        }
    }

    private async Task WriteAsync(UserSession user, CancellationToken cancellationToken)
    {
        var kind = Kinds[_random.Next(Kinds.Length)];
        var nothing = _random.Next(10);
        var value = _written + 1;
        try
        {
            await user.RequestAsync(
                async sender =>
                {
                    if (nothing < 2)
                        await sender.Send(new ChangeNothing(id, RollsBack: nothing == 0), cancellationToken);
                    await sender.Send(new ChangeRow(id, value, kind), cancellationToken);
                    if (nothing == 9)
                        await sender.Send(new IncrementRow(SharedRow), cancellationToken);
                },
                cancellationToken);
        }
        catch (FailedAfterCommitException) when (kind == WriteKind.CommitsAndFails)
        {
            // Committed all the same.
        }

        _written = value;
    }

    // From "at once", as after a redirect, to what a person takes.
    private Task ThinkAsync(CancellationToken cancellationToken) => _random.Next(3) switch
    {
        0 => Task.CompletedTask,
        1 => Task.Delay(_random.Next(1, 10), cancellationToken),
        _ => Task.Delay(_random.Next(10, 60), cancellationToken),
    };

    private async Task ReadAsync(UserSession user, int count, CancellationToken cancellationToken)
    {
        var readings = await user.InParallelAsync(count, sender => sender.Send(new ReadRows(id, SharedRow), cancellationToken), cancellationToken);
        foreach (var reading in readings)
        {
            tally.Query(reading.OnReplica);
            if (reading.Own < _written)
                tally.MissedOwnWrite();
            else if (reading.Own > _written)
                tally.Error($"Row {id} holds {reading.Own}, and only {_written} was written: a write that was rolled back, or another worker's.");
            if (reading.Shared < _seen)
                tally.WentBack();
        }

        _seen = Math.Max(_seen, readings.Max(reading => reading.Shared));
    }
}
