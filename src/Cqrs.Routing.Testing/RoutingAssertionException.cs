using Cqrs.Routing.Internal;

namespace Cqrs.Routing.Testing;

/// <summary>Thrown when an assertion about routing does not hold. Every test framework reports it as a failed test, with its message.</summary>
public sealed class RoutingAssertionException : Exception
{
    /// <summary>Initializes a new instance of the exception.</summary>
    public RoutingAssertionException()
        : this("An assertion about routing does not hold.")
    {
    }

    /// <summary>Initializes a new instance of the exception.</summary>
    /// <param name="message">What was expected, and what was found.</param>
    public RoutingAssertionException(string message)
        : this(message, innerException: null)
    {
    }

    /// <summary>Initializes a new instance of the exception.</summary>
    /// <param name="message">What was expected, and what was found.</param>
    /// <param name="innerException">The cause; null for none.</param>
    public RoutingAssertionException(string message, Exception? innerException)
        : base(message, innerException) => HelpLink = MessagePage.LinkTo(Message);
}
