namespace Cqrs.Routing;

/// <summary>
/// Lists the request types that an application has handlers for. An adapter registers an implementation, so that <see cref="RoutingSelfCheck"/> can classify each type
/// when the host starts.
/// </summary>
public interface IRequestTypes
{
    /// <summary>Gets the request types. A type may occur several times. Open generic types are left out.</summary>
    /// <returns>The types.</returns>
    IEnumerable<Type> GetRequestTypes();
}
