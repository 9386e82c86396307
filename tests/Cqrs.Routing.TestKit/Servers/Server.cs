namespace Cqrs.Routing.TestKit.Servers;

public enum Server
{
    Primary,
    Replica,
}
