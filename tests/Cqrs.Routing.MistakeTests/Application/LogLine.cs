using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.MistakeTests.Application;

public sealed record LogLine(string Category, LogLevel Level, int Id, string Text);
