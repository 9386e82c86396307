using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.MistakeTests.Application;

/// <summary>What the library logs.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyList<LogLine> Warnings => [.. _lines.Where(line => line.Level >= LogLevel.Warning)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, categoryName.StartsWith("Cqrs.Routing", StringComparison.Ordinal) ? _lines : []);

    public void Dispose()
    {
    }

    /// <summary>Asserts that the library warned once, with this event, and that the text has these words.</summary>
    public void ShouldBeOnlyWarning(int id, params string[] words)
    {
        Warnings.Select(line => line.Id).ShouldBe([id], customMessage: string.Join(Environment.NewLine, Warnings));
        Warnings[0].Text.ShouldSay(words);
    }

    /// <summary>Asserts that the library said this at the level of information, and warned of nothing.</summary>
    public void ShouldBeOnlyInformation(int id, params string[] words)
    {
        ShouldBeWithoutWarning();
        _lines.Where(line => line.Id == id).ShouldHaveSingleItem().Text.ShouldSay(words);
    }

    public void ShouldBeWithoutWarning() => Warnings.ShouldBeEmpty();

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new(category, logLevel, eventId.Id, formatter(state, exception)));
    }
}
