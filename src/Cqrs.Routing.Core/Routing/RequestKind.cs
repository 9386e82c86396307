namespace Cqrs.Routing.Routing;

internal enum RequestKind
{
    Unclassified,
    Query,
    Command,
}
