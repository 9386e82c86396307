namespace Cqrs.Routing.Routing;

internal enum RequestKind
{
    Unmarked,
    Query,
    Command,
}
