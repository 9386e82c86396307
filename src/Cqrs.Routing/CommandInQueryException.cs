using Cqrs.Routing.Routing;

namespace Cqrs.Routing;

/// <summary>A query sent a command. The command did not run.</summary>
public sealed class CommandInQueryException : InvalidOperationException
{
    internal CommandInQueryException(string query, Type commandType)
        : base(
            $"{query} is a query and sent the command {DisplayName.Of(commandType)}. Make {query} a command, send {DisplayName.Of(commandType)} after it, "
            + $"or allow it with services.AddRoutingBehavior(o => o.{nameof(RoutingOptions.AllowCommandsInQueries)} = true).")
    {
        Query = query;
        CommandType = commandType;
    }

    /// <summary>The query, by name.</summary>
    public string Query { get; }

    /// <summary>The command that was refused.</summary>
    public Type CommandType { get; }
}
