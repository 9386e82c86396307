namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>A message with a code, as the sources say.</summary>
/// <param name="Code">The code at its end.</param>
/// <param name="Texts">Its text without the code. Parts that vary stand in braces. Several texts if the expression has alternatives.</param>
/// <param name="Origins">Where users see it: a log event, a finding, exceptions.</param>
/// <param name="Place">The file and line, for failures of tests.</param>
internal sealed record SourceMessage(string Code, IReadOnlyList<string> Texts, IReadOnlyList<string> Origins, string Place);
