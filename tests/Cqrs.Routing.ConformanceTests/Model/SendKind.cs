namespace Cqrs.Routing.ConformanceTests.Model;

public enum SendKind
{
    Query,
    QueryOnPrimary,
    Stream,
    Command,
    VoidCommand,
    Unmarked,
}
