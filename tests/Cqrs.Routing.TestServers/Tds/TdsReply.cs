namespace Cqrs.Routing.TestServers.Tds;

/// <summary>What the server answers: result sets, and how it ends. Immutable.</summary>
public sealed class TdsReply
{
    private TdsReply(TdsEnd end, IReadOnlyList<TdsRows>? results = null, TdsError? error = null, int affected = 0) =>
        (End, Results, Failure, Affected) = (end, results ?? [], error, affected);

    /// <summary>The server closes the socket without a word.</summary>
    public static TdsReply Close { get; } = new(TdsEnd.Close);

    /// <summary>The server says nothing (more) until the client gives up.</summary>
    public static TdsReply Stall { get; } = new(TdsEnd.Stall);

    /// <summary>No rows.</summary>
    public static TdsReply Done(int affected = 0) => new(TdsEnd.Done, affected: affected);

    /// <summary>One row; the columns are what its values are.</summary>
    public static TdsReply Row(params (string Name, object? Value)[] values) =>
        Rows([.. values.Select(value => TdsColumn.Of(value.Name, value.Value))], [[.. values.Select(value => value.Value)]]);

    public static TdsReply Rows(IReadOnlyList<TdsColumn> columns, IEnumerable<object?[]> rows) => new(TdsEnd.Done, [new(columns, rows)]);

    /// <summary>An error; a fatal one closes the connection as well.</summary>
    public static TdsReply Error(int number, byte severity = 16, byte state = 1, string message = "as the test wants it") =>
        new(TdsEnd.Error, error: new(number, severity, state, message));

    internal TdsEnd End { get; }

    internal IReadOnlyList<TdsRows> Results { get; }

    internal TdsError? Failure { get; }

    internal int Affected { get; }

    /// <summary>These result sets first, then what the other reply says.</summary>
    public TdsReply Then(TdsReply next) => new(next.End, [.. Results, .. next.Results], next.Failure, next.Affected);
}
