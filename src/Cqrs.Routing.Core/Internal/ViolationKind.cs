namespace Cqrs.Routing.Internal;

/// <summary>What a query is refused for; its name is the metric's tag.</summary>
internal enum ViolationKind
{
    Write,
    Command,
}
