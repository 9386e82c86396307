using Cqrs.Routing.Internal;

namespace Cqrs.Routing;

/// <summary>The exception for a query that tried to write. Nothing was sent to the database.</summary>
/// <remarks>The connection and the context stay usable.</remarks>
public sealed class QueryWriteException : InvalidOperationException
{
    // Queries also write audits and outboxes. A context without UseReplica is not guarded.
    internal const string Advice =
        "Make the request a command (ICommand), or move the write into a command that is sent after the query. Data that every request writes, such as an audit, an outbox or what a notification handler "
        + "saves, belongs in a context of its own without UseReplica. Declare a procedure or function that only reads: replica.Reads(\"dbo.GetOrders\"), or TagAsRead() at the call.";

    // A scope has no request type that could become a command.
    internal const string ScopeAdvice =
        "Dispose the scope before the write, or begin a command instead (RouteScope.BeginCommand()). Infrastructure that keeps its own books writes inside RouteScope.Suppress(), or through a context "
        + "without UseReplica. Declare a procedure or function that only reads: replica.Reads(\"dbo.GetOrders\"), or TagAsRead() at the call.";

    internal static string AdviceFor(string request) => request.StartsWith("RouteScope.", StringComparison.Ordinal) ? ScopeAdvice : Advice;

    /// <summary>Creates an exception without a query, for example to test code that handles it.</summary>
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
    /// <param name="innerException">The cause; null if there is none.</param>
    public QueryWriteException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal QueryWriteException(string request, Type? contextType, string attempt, Exception? cause = null)
        : base(
            $"{request} is a query and cannot write, but {attempt}{(contextType is null ? "" : $" through {TypeNames.Format(contextType)}")}. "
            + AdviceFor(request) + " [CR201]",
            cause)
    {
        RequestName = request;
        ContextType = contextType;
        HelpLink = MessagePage.LinkTo(Message);
    }

    /// <summary>Gets the name of the query; empty if the exception was created without a query.</summary>
    public string RequestName { get; } = "";

    /// <summary>Gets the type of the context that the query tried to write through; null if there is none.</summary>
    public Type? ContextType { get; }
}
