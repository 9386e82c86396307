namespace Cqrs.Routing.ConformanceTests;

/// <summary>Holds the first that comes until it is released, and nobody after it.</summary>
internal sealed class Gate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the first waits at the gate.</summary>
    public Task Entered => _entered.Task.WaitAsync(Patience);

    public void Release() => _released.SetResult();

    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        if (_entered.TrySetResult())
            await _released.Task.WaitAsync(Patience, cancellationToken);
    }
}
