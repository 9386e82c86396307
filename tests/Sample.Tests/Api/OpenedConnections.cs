using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sample.Tests.Api;

/// <summary>Hears which connections EF opens. To be made before the contexts it is about: EF does not look again for a second after it has found nobody listening.</summary>
internal sealed class OpenedConnections : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];

    public OpenedConnections() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>The next time that a connection with this string is open.</summary>
    public Task NextOf(string connectionString) => (_awaited[connectionString] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == RelationalEventId.ConnectionOpened.Name && value.Value is ConnectionEndEventData { Connection.ConnectionString: { } opened } && _awaited.TryGetValue(opened, out var awaited))
            awaited.TrySetResult();
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }
}
