namespace Cqrs.Routing.TestServers.Tds;

/// <summary>What one connection asked.</summary>
/// <param name="Login">Who asked.</param>
/// <param name="Connection">The connection's number: one server never gives it twice.</param>
/// <param name="Kind">How it was asked.</param>
/// <param name="Text">The statement.</param>
/// <param name="Parameters">The statement's parameters by name, <c>@</c> included.</param>
/// <param name="Resets">Whether the session is to begin anew first: the connection came from the client's pool.</param>
/// <param name="InTransaction">Whether the connection has a transaction open.</param>
public sealed record TdsRequest(
    TdsLogin Login,
    int Connection,
    TdsRequestKind Kind,
    string Text,
    IReadOnlyDictionary<string, object?> Parameters,
    bool Resets,
    bool InTransaction)
{
    /// <summary>Whether the text is a statement of the client's, and not what its driver adds.</summary>
    public bool IsStatement => Kind is TdsRequestKind.Batch or TdsRequestKind.Rpc;
}
