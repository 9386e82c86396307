using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>What the library logs as a warning or worse.</summary>
/// <remarks>Such a line comes once per context type and process: a test that expects one needs a <see cref="Shop{TTest}"/> of its own.</remarks>
public sealed class LogLines(LogLevel level = LogLevel.Warning, string category = "Cqrs.Routing") : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> All => [.. _lines];

    public void AddTo(IServiceCollection services) => services.AddLogging(logging => logging.AddProvider(this).SetMinimumLevel(level < LogLevel.Information ? level : LogLevel.Information));

    public ILogger CreateLogger(string categoryName) => new Lines(categoryName.StartsWith(category, StringComparison.Ordinal) ? _lines : [], level);

    public void Dispose()
    {
    }

    private sealed class Lines(ConcurrentQueue<string> lines, LogLevel level) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception));
    }
}
