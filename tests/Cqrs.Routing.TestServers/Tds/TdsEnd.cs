namespace Cqrs.Routing.TestServers.Tds;

internal enum TdsEnd
{
    Done,
    Goodbye,
    Error,
    Close,
    Stall,
}
