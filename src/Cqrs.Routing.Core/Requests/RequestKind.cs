namespace Cqrs.Routing.Requests;

internal enum RequestKind
{
    Unclassified,
    Query,
    Command,
}
