namespace Cqrs.Routing.Testing;

/// <summary>An assertion of the testing kit does not hold. Every test framework reports it as a failed test, with its message.</summary>
public sealed class RoutingAssertionException : Exception
{
    internal RoutingAssertionException(string message)
        : base(message)
    {
    }
}
