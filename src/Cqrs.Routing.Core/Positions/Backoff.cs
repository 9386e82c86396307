namespace Cqrs.Routing.Positions;

/// <summary>Computes the pauses between position queries: 1 millisecond, then twice as long each time, at most 100 milliseconds. One instance per wait.</summary>
internal struct Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private TimeSpan? _next;

    /// <summary>Gets the length of the next pause.</summary>
    public readonly TimeSpan Next => _next ?? First;

    /// <summary>Gets whether a pause has occurred.</summary>
    public readonly bool HasPaused => _next is not null;

    public ValueTask PauseAsync(bool async, CancellationToken cancellationToken)
    {
        var pause = Next;
        _next = pause < Longest / 2 ? pause * 2 : Longest;
        if (async)
            return new(Task.Delay(pause, cancellationToken));

        Thread.Sleep(pause);
        return ValueTask.CompletedTask;
    }
}
