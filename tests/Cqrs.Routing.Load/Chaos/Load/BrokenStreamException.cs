namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>A stream broke after its first element, which whoever reads it has seen: rule 6 does not run it again.</summary>
internal sealed class BrokenStreamException(Exception inner) : Exception("A stream broke after its first element.", inner);
