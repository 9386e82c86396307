namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>Where several flows wait for each other, so that a test knows how they interleave.</summary>
internal sealed class FlowBarrier(int participants)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private TaskCompletionSource _all = Fresh();
    private int _arrived;

    /// <summary>Returns once all have arrived; then it can be used again. A participant that never comes fails the others.</summary>
    public Task ArriveAsync()
    {
        lock (_gate)
        {
            var all = _all;
            if (++_arrived == participants)
            {
                _arrived = 0;
                _all = Fresh();
                all.SetResult();
            }

            return all.Task.WaitAsync(Patience);
        }
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
