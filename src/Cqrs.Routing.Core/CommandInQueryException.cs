using Cqrs.Routing.Internal;

namespace Cqrs.Routing;

/// <summary>The exception for a query that sent a command. The command did not run.</summary>
public sealed class CommandInQueryException : InvalidOperationException
{
    /// <summary>Creates an exception without requests, for example to test code that handles it.</summary>
    public CommandInQueryException()
        : this("A query sent a command.")
    {
    }

    /// <inheritdoc cref="CommandInQueryException()"/>
    /// <param name="message">The message.</param>
    public CommandInQueryException(string message)
        : this(message, innerException: null)
    {
    }

    /// <inheritdoc cref="CommandInQueryException()"/>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public CommandInQueryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal CommandInQueryException(string query, Type commandType, string command, bool isScope, bool isQueryScope)
        : base(
            (isQueryScope, isScope) switch
            {
                (true, true) => $"{query} is a query, and {command} was called inside it. Dispose the query's scope first, or begin a command instead of the query. [CR202]",
                (true, false) => $"{query} is a query, and the command {command} was sent inside it. Dispose the query's scope first, or begin none around {command}. [CR246]",
                (false, true) => $"{query} is a query, and {command} was called inside it. Make {query} a command, or write after it. [CR249]",
                (false, false) => $"{query} is a query and sent the command {command}. Make {query} a command, send {command} after it, or set RoutingOptions.AllowCommandsInQueries. [CR203]",
            })
    {
        RequestName = query;
        CommandType = commandType;
        HelpLink = MessagePage.LinkTo(Message);
    }

    /// <summary>Gets the name of the query; empty if the exception was created without requests.</summary>
    public string RequestName { get; } = "";

    /// <summary>
    /// Gets the type of the refused command, or <see cref="RouteScope"/> for <see cref="RouteScope.BeginCommand(string)"/>. It is null if the exception was created without
    /// requests.
    /// </summary>
    public Type? CommandType { get; }
}
