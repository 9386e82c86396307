namespace Cqrs.Routing.DocsTests.Messages;

/// <summary>What the page says about one message, beside what the sources say.</summary>
/// <param name="Code">The code at the end of the message.</param>
/// <param name="Situation">The situation in a few words.</param>
/// <param name="Cause">What leads to the message.</param>
/// <param name="Cure">What to do, or that nothing has to be done.</param>
internal sealed record MessageEntry(string Code, string Situation, string Cause, string Cure);
