using System.Diagnostics;
using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Commands;
using Cqrs.Routing.Load.Chaos.Data;
using Cqrs.Routing.Load.Chaos.Queries;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>One user after the other: each writes to a row of this worker's own, and reads it, and whatever else, in any shape.</summary>
internal sealed class Worker(int id, IReadOnlyList<ServiceProvider> instances, int seed, long held, Func<int, Task<long>> readRow, Tally tally)
{
    /// <summary>The row that all workers increment.</summary>
    public const int SharedRow = 0;

    private const int RoundsPerUser = 20;
    private const int Remembered = 6;

    private static readonly PerformKind[] Kinds = Enum.GetValues<PerformKind>();
    private static readonly QueryShape[] Shapes = [.. QueryShape.All.SelectMany(shape => Enumerable.Repeat(shape, shape.Weight))];

    private readonly Random _random = new(seed);
    private readonly Queue<string> _trail = new();
    private UserSession _user = null!;
    private long _written = held;
    private long _mustSee;
    private long _mustSeeShared;
    private long _increments;

    /// <summary>The worker, the number of its last command, and how often it incremented the shared row.</summary>
    public (int Id, long Number, long Increments) Done => (id, _written, _increments);

    public async Task RunAsync(CancellationToken until, CancellationToken cancellationToken)
    {
        for (var round = 0; !until.IsCancellationRequested; round++)
        {
            if (round % RoundsPerUser == 0)
                NewUser();
            if (_random.Next(3) == 0)
                await PerformAsync(cancellationToken);
            for (var queries = _random.Next(1, 4); queries > 0 && !until.IsCancellationRequested; queries--)
            {
                await Task.Delay(_random.Next(5, 60), cancellationToken);
                await AskAsync(Shapes[_random.Next(Shapes.Length)], parallel: _random.Next(8) == 0 ? 2 : 1, cancellationToken);
            }
        }
    }

    private void NewUser()
    {
        (_user, _mustSee, _mustSeeShared) = (new(instances, carriesTokens: true, _random), 0, 0);
        _trail.Clear();
    }

    private async Task PerformAsync(CancellationToken cancellationToken)
    {
        var kind = Kinds[_random.Next(Kinds.Length)];
        var from = _random.Next(1, Contents.Accounts);
        var command = new Perform(id, _written + 1, kind, from, _random.Next(from + 1, Contents.Accounts + 1));
        var (tracksFirst, increments) = (_random.Next(4) == 0, _random.Next(3) == 0);
        Exception? error = null;
        try
        {
            await _user.InParallelAsync(
                1,
                async (IServiceProvider services) =>
                {
                    if (tracksFirst)
                        await AskAsync(QueryShape.BeforeCommand, services, cancellationToken);
                    var sender = services.GetRequiredService<ISender>();
                    await sender.Send(command, cancellationToken);
                    if (increments)
                        await sender.Send(new IncrementRow(SharedRow), cancellationToken);
                    return true;
                },
                cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            error = e;
        }

        tally.Performed(error, $"{kind}");
        Remember($"{kind} {command.Number}");
        // So that one failure does not look like many.
        if (error is not null)
            _written = await readRow(id);
        else if (kind != PerformKind.RollsBack)
            _mustSee = _written = command.Number;
        if (increments && error is null)
            _increments++;
    }

    private async Task AskAsync(QueryShape shape, int parallel, CancellationToken cancellationToken)
    {
        var answers = await _user.InParallelAsync(parallel, (IServiceProvider services) => AskAsync(shape, services, cancellationToken), cancellationToken);
        foreach (var answer in answers.OfType<Answer>())
            Check(shape, answer);
        foreach (var reading in answers.OfType<Answer>().SelectMany(answer => answer.Readings))
            (_mustSee, _mustSeeShared) = (Math.Max(_mustSee, reading.Own), Math.Max(_mustSeeShared, reading.Shared));
    }

    // Null if it failed.
    private async Task<Answer?> AskAsync(QueryShape shape, IServiceProvider services, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        Answer? answer = null;
        Exception? error = null;
        try
        {
            answer = await shape.AskAsync(services, id, _random, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            error = e;
        }

        tally.Asked(shape, Stopwatch.GetElapsedTime(begin), error);
        return answer;
    }

    private void Check(QueryShape shape, Answer answer)
    {
        if (answer.Wrong is { } wrong)
            tally.WasWrong($"{shape.Name}: {wrong}");

        var (own, shared) = (_mustSee, _mustSeeShared);
        foreach (var reading in answer.Readings)
        {
            tally.Read(reading.OnReplica);
            if (reading.Own > _written)
                tally.WasWrong($"{shape.Name}: row {id} holds {reading.Own}, and only {_written} was committed");
            if (reading.Own < own)
                tally.WasStale($"{shape.Name}: {reading} after {own} and {shared}; before: {string.Join("; ", _trail)}");
            else if (reading.Shared < shared)
                tally.SawOthersGoBack();
            (own, shared) = (Math.Max(own, reading.Own), Math.Max(shared, reading.Shared));
        }

        Remember($"{shape.Name} {string.Join(", ", answer.Readings.Select(reading => $"{reading.Own} {reading.Shared} {(reading.OnReplica ? "replica" : "primary")}"))}");
    }

    private void Remember(string what)
    {
        if (_trail.Count == Remembered)
            _trail.Dequeue();
        _trail.Enqueue(what);
    }
}
