namespace Cqrs.Routing;

/// <summary>The replica could not serve a query, and the query was not to run on the primary.</summary>
public sealed class ReplicaUnavailableException : InvalidOperationException
{
    internal ReplicaUnavailableException(string request, string context, RouteReason reason, string cause, Exception? innerException)
        : base($"The replica of {context} cannot serve {request} ({reason}), and {cause}", innerException) => (RequestName, Reason) = (request, reason);

    /// <summary>The name of the query.</summary>
    public string RequestName { get; }

    /// <summary>What is the matter with the replica.</summary>
    public RouteReason Reason { get; }
}
