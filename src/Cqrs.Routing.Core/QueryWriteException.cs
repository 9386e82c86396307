using Cqrs.Routing.Internal;

namespace Cqrs.Routing;

/// <summary>A query tried to write. Nothing was sent to the database.</summary>
/// <remarks>The connection and the context stay usable.</remarks>
public sealed class QueryWriteException : InvalidOperationException
{
    // An audit or an outbox is written by queries as well; a context without UseReplica is not guarded.
    internal const string Advice =
        "Make the request a command (ICommand), or move the write into a command that is sent after the query. What every request shall write, such as an audit, an outbox or what a notification handler "
        + "saves, belongs in a context of its own without UseReplica. What only reads can be declared: replica.Reads(\"dbo.GetOrders\"), or TagAsRead() at the call.";

    /// <summary>Makes one without a query, such as for a test of what handles it.</summary>
    public QueryWriteException()
        : this("A query cannot write.")
    {
    }

    /// <inheritdoc cref="QueryWriteException()"/>
    /// <param name="message">The message.</param>
    public QueryWriteException(string message)
        : this(message, innerException: null)
    {
    }

    /// <inheritdoc cref="QueryWriteException()"/>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public QueryWriteException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal QueryWriteException(string request, Type? contextType, string attempt, Exception? cause = null)
        : base(
            $"{request} is a query and cannot write, but {attempt}{(contextType is null ? "" : $" through {TypeNames.Format(contextType)}")}. "
            + Advice,
            cause)
    {
        RequestName = request;
        ContextType = contextType;
    }

    /// <summary>Gets the name of the query; empty if the exception was made without it.</summary>
    public string RequestName { get; } = "";

    /// <summary>Gets the context that the write was tried through, if there is one.</summary>
    public Type? ContextType { get; }
}
