namespace Cqrs.Routing.Positions;

/// <summary>Computes the pauses between position queries: 1 millisecond, then twice as long each time. One instance per wait.</summary>
/// <param name="longest">The longest pause, for waits that may take minutes. A short wait needs none: doubling keeps the number of position queries small.</param>
internal struct Backoff(TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(1);

    private TimeSpan? _next;

    /// <summary>Gets the length of the next pause.</summary>
    public readonly TimeSpan Next => _next ?? First;

    /// <summary>Gets whether a pause has occurred.</summary>
    public readonly bool HasPaused => _next is not null;

    public ValueTask PauseAsync(bool async, CancellationToken cancellationToken)
    {
        var pause = Next;
        _next = pause < longest / 2 ? pause * 2 : longest;
        if (async)
            return new(Task.Delay(pause, cancellationToken));

        Thread.Sleep(pause);
        return ValueTask.CompletedTask;
    }
}
