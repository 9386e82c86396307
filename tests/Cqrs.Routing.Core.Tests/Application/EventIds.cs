using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.Core.Tests.Application;

/// <summary>Collects the ids of the library's warnings.</summary>
internal sealed class EventIds : ILoggerProvider
{
    private readonly ConcurrentQueue<int> _ids = new();

    public IReadOnlyList<int> All => [.. _ids];

    public ILogger CreateLogger(string categoryName) => new Collector(categoryName == "Cqrs.Routing" ? _ids : []);

    public void Dispose()
    {
    }

    private sealed class Collector(ConcurrentQueue<int> ids) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                ids.Enqueue(eventId.Id);
        }
    }
}
