namespace Cqrs.Routing.TestServers.Tds;

/// <summary>One message of the protocol, put together from its packets.</summary>
internal sealed record TdsMessage(byte Type, bool Resets, byte[] Body)
{
    public const byte Batch = 0x01;
    public const byte Rpc = 0x03;
    public const byte Response = 0x04;
    public const byte Attention = 0x06;
    public const byte TransactionManager = 0x0E;
    public const byte Login = 0x10;
    public const byte PreLogin = 0x12;
}
