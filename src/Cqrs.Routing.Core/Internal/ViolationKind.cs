namespace Cqrs.Routing.Internal;

/// <summary>The action that a query is refused for. Its name is the tag of the metric.</summary>
internal enum ViolationKind
{
    Write,
    Command,
}
