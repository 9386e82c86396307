namespace Cqrs.Routing.TestServers.Tds;

public enum TdsRequestKind
{
    /// <summary>A text without parameters.</summary>
    Batch,

    /// <summary>A text with parameters (<c>sp_executesql</c>), or a stored procedure.</summary>
    Rpc,

    /// <summary>A transaction begins; its text is the isolation level.</summary>
    Begin,

    Commit,

    Rollback,

    /// <summary>The client gives up on what it asked.</summary>
    Attention,
}
