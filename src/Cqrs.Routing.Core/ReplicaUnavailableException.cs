namespace Cqrs.Routing;

/// <summary>The replica could not serve a query, and the query was not to run on the primary.</summary>
/// <remarks>An outage, not a misuse: it is no <see cref="InvalidOperationException"/>.</remarks>
public sealed class ReplicaUnavailableException : Exception
{
    /// <summary>Makes one without a query, such as for a test of what handles it.</summary>
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
    /// <param name="innerException">The cause.</param>
    public ReplicaUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ReplicaUnavailableException(string request, string context, RouteReason reason, string cause, Exception? innerException)
        : base($"The replica of {context} cannot serve {request} ({reason}), and {cause}", innerException) => (RequestName, Reason) = (request, reason);

    /// <summary>Gets the name of the query; empty if the exception was made without it.</summary>
    public string RequestName { get; } = "";

    /// <summary>Gets what is the matter with the replica.</summary>
    public RouteReason Reason { get; } = RouteReason.ReplicaUnavailable;
}
