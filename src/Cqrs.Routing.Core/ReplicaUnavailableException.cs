using Cqrs.Routing.Internal;

namespace Cqrs.Routing;

/// <summary>The exception for a query that the replica could not serve and that was not allowed to run on the primary.</summary>
/// <remarks>It reports an outage, not a misuse, so it does not derive from <see cref="InvalidOperationException"/>.</remarks>
public sealed class ReplicaUnavailableException : Exception
{
    /// <summary>Creates an exception without a query, for example to test code that handles it.</summary>
    public ReplicaUnavailableException()
        : this("The replica cannot serve the query.")
    {
    }

    /// <inheritdoc cref="ReplicaUnavailableException()"/>
    /// <param name="message">The message.</param>
    public ReplicaUnavailableException(string message)
        : this(message, innerException: null)
    {
    }

    /// <inheritdoc cref="ReplicaUnavailableException()"/>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public ReplicaUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ReplicaUnavailableException(string request, string context, RouteReason reason, string cause, Exception? innerException)
        : base($"The replica of {context} cannot serve {request} ({reason}), and {cause}", innerException)
    {
        RequestName = request;
        Reason = reason;
        HelpLink = MessagePage.LinkTo(Message);
    }

    /// <summary>Gets the name of the query; empty if the exception was created without a query.</summary>
    public string RequestName { get; } = "";

    /// <summary>Gets why the replica could not serve the query.</summary>
    public RouteReason Reason { get; } = RouteReason.ReplicaUnavailable;
}
