namespace Cqrs.Routing.TestServers.Tds;

/// <summary>What a server sends, MS-TDS 2.2.7, apart from rows.</summary>
internal static class TdsTokens
{
    private const byte Database = 1;
    private const byte Collation = 7;
    private const byte Begun = 8;
    private const byte Committed = 9;
    private const byte RolledBack = 10;
    private const byte WasReset = 18;
    private const byte Routing = 20;

    /// <summary>Takes the login. The last part says that lost sessions can be restored, as SQL Server and Azure do.</summary>
    public static byte[] LoggedIn(string database, bool restoresSessions)
    {
        var writer = new TdsWriter()
            .Counted(0xE3, change => change.Byte(Database).ShortText(database).ShortText("master"))
            .Counted(0xE3, change => change.Byte(Collation).Byte(5).Bytes(TdsRowTokens.Collation).Byte(0))
            // SQL Server 2012 and later: 7.4, and a version of the server's own.
            .Counted(0xAD, answer => answer.Byte(1).Bytes([0x74, 0, 0, 4]).ShortText("Stub").Bytes([16, 0, 0, 0]));
        return (restoresSessions ? writer.Byte(0xAE).Byte(1).Int32(0).Byte(0xFF) : writer).Bytes(Done(0)).ToArray();
    }

    /// <summary>Takes the login, but has the client go elsewhere: read-only routing.</summary>
    public static byte[] RoutedTo(string host, int port) => new TdsWriter()
        .Bytes(LoggedIn("master", restoresSessions: false)[..^Done(0).Length])
        .Counted(0xE3, change => change.Byte(Routing).UInt16(1 + 2 + 2 + (2 * host.Length)).Byte(0).UInt16(port).Text(host).UInt16(0))
        .Bytes(Done(0))
        .ToArray();

    public static byte[] Error(TdsError error) => new TdsWriter()
        .Counted(0xAA, token => token
            .Int32(error.Number).Byte(error.State).Byte(error.Class).Text(error.Message).ShortText("stub").ShortText("").Int32(1))
        .ToArray();

    public static byte[] SessionReset() => new TdsWriter().Counted(0xE3, change => change.Byte(WasReset).Byte(0).Byte(0)).ToArray();

    public static byte[] TransactionBegun(long transaction) => new TdsWriter()
        .Counted(0xE3, change => change.Byte(Begun).Byte(8).Int64(transaction).Byte(0))
        .ToArray();

    public static byte[] TransactionEnded(bool committed, long transaction) => new TdsWriter()
        .Counted(0xE3, change => change.Byte(committed ? Committed : RolledBack).Byte(0).Byte(8).Int64(transaction))
        .ToArray();

    /// <summary>The end of a batch, or of a statement in it.</summary>
    public static byte[] Done(long affected, bool more = false) => End(0xFD, (more ? 0x01 : 0) | 0x10, affected);

    public static byte[] DoneWithError() => End(0xFD, 0x02, 0);

    public static byte[] GivenUp() => End(0xFD, 0x20, 0);

    /// <summary>The end of a statement inside a procedure.</summary>
    public static byte[] DoneInProcedure(long affected) => End(0xFF, 0x01 | 0x10, affected);

    /// <summary>The end of a procedure, with the status that it returns.</summary>
    public static byte[] ProcedureDone(bool failed) => new TdsWriter()
        .Byte(0x79).Int32(failed ? 1 : 0)
        .Bytes(End(0xFE, failed ? 0x02 : 0, 0))
        .ToArray();

    private static byte[] End(byte token, int status, long affected) => new TdsWriter().Byte(token).UInt16(status).UInt16(0xC1).Int64(affected).ToArray();
}
