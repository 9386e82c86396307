namespace Cqrs.Routing.Testing;

/// <summary>An assertion of the testing kit does not hold. Every test framework reports it as a failed test, with its message.</summary>
public sealed class RoutingAssertionException : Exception
{
    /// <summary>Makes one.</summary>
    public RoutingAssertionException()
        : this("An assertion about routing does not hold.")
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What was expected, and what was there.</param>
    public RoutingAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What was expected, and what was there.</param>
    /// <param name="innerException">The cause.</param>
    public RoutingAssertionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
