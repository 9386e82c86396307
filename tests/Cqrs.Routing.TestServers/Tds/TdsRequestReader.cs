namespace Cqrs.Routing.TestServers.Tds;

/// <summary>Statements, procedure calls and the transaction manager's requests: MS-TDS 2.2.6.6 to 2.2.6.9.</summary>
internal static class TdsRequestReader
{
    private const ushort ByNumber = 0xFFFF;
    private const ushort ExecuteSql = 10;

    public static TdsRequest Read(TdsMessage message, TdsLogin login, int connection, bool inTransaction)
    {
        var (kind, text, parameters) = message.Type switch
        {
            TdsMessage.Batch => Batch(new TdsReader(message.Body).SkipHeaders(), message.Body.Length),
            TdsMessage.Rpc => Rpc(new TdsReader(message.Body).SkipHeaders()),
            TdsMessage.TransactionManager => Transaction(new TdsReader(message.Body).SkipHeaders()),
            TdsMessage.Attention => (TdsRequestKind.Attention, "", []),
            _ => throw new NotSupportedException($"The TDS stub does not know messages of type {message.Type:X2}."),
        };
        return new(login, connection, kind, text, parameters, message.Resets, inTransaction);
    }

    private static (TdsRequestKind Kind, string Text, Dictionary<string, object?> Parameters) Batch(TdsReader body, int length) =>
        (TdsRequestKind.Batch, body.Text((length - body.Position) / 2), []);

    private static (TdsRequestKind Kind, string Text, Dictionary<string, object?> Parameters) Rpc(TdsReader body)
    {
        var nameLength = body.UInt16();
        var number = nameLength == ByNumber ? body.UInt16() : (ushort)0;
        var text = nameLength == ByNumber ? "" : body.Text(nameLength);
        _ = body.UInt16();
        if (number == ExecuteSql)
        {
            text = (string)Parameter(body).Value!;
            // The parameters' declarations say nothing that the parameters do not.
            if (!body.IsAtEnd)
                Parameter(body);
        }

        var parameters = new Dictionary<string, object?>();
        while (!body.IsAtEnd)
        {
            var (name, value) = Parameter(body);
            parameters[name] = value;
        }

        return (TdsRequestKind.Rpc, text, parameters);
    }

    private static (string Name, object? Value) Parameter(TdsReader body)
    {
        var name = body.ShortText();
        _ = body.Byte();
        return (name, TdsValueReader.Read(body));
    }

    private static (TdsRequestKind Kind, string Text, Dictionary<string, object?> Parameters) Transaction(TdsReader body) => body.UInt16() switch
    {
        5 => (TdsRequestKind.Begin, IsolationLevel(body.Byte()), []),
        7 => (TdsRequestKind.Commit, "", []),
        8 => (TdsRequestKind.Rollback, "", []),
        var other => throw new NotSupportedException($"The TDS stub does not know request {other} of the transaction manager."),
    };

    private static string IsolationLevel(byte level) => level switch
    {
        1 => "READ UNCOMMITTED",
        2 => "READ COMMITTED",
        3 => "REPEATABLE READ",
        4 => "SERIALIZABLE",
        5 => "SNAPSHOT",
        _ => "",
    };
}
