namespace Cqrs.Routing.TestServers.Tds;

internal enum TdsEnd
{
    Done,
    Error,
    Close,
    Stall,
}
