namespace Cqrs.Routing;

/// <summary>A query tried to write. Nothing was sent to the database.</summary>
/// <remarks>The connection and the context stay usable.</remarks>
public sealed class QueryWriteException : InvalidOperationException
{
    // An audit or an outbox is written by queries as well; a context without UseReplica is not guarded.
    internal const string Advice =
        "Make the request a command (ICommand), or move the write into a command that is sent after the query. What every request shall write, such as an audit, an outbox or what a notification handler "
        + "saves, belongs in a context of its own without UseReplica. What only reads can be declared: replica.Reads(\"dbo.GetOrders\"), or TagAsRead() at the call.";

    internal QueryWriteException(string request, Type? contextType, string attempt, Exception? cause = null)
        : base(
            $"{request} is a query and cannot write, but {attempt}{(contextType is null ? "" : $" through {Routing.TypeNames.Of(contextType)}")}. "
            + Advice,
            cause)
    {
        RequestName = request;
        ContextType = contextType;
    }

    /// <summary>The query, by name.</summary>
    public string RequestName { get; }

    /// <summary>The context that the write was tried through, if there is one.</summary>
    public Type? ContextType { get; }
}
