namespace Cqrs.Routing;

/// <summary>A query sent a command. The command did not run.</summary>
public sealed class CommandInQueryException : InvalidOperationException
{
    internal CommandInQueryException(string query, Type commandType, string command)
        : base(
            $"{query} is a query and sent the command {command}. Make {query} a command, send {command} after it, "
            + $"or allow it with services.AddRoutingBehavior(o => o.{nameof(RoutingOptions.AllowCommandsInQueries)} = true).")
    {
        RequestName = query;
        CommandType = commandType;
    }

    /// <summary>The query, by name.</summary>
    public string RequestName { get; }

    /// <summary>The command that was refused.</summary>
    public Type CommandType { get; }
}
