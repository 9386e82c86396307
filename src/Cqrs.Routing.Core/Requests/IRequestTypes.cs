namespace Cqrs.Routing;

/// <summary>Names the request types that an application has handlers for. An adapter registers one, so that <see cref="RoutingSelfCheck"/> can classify each type when the host starts.</summary>
public interface IRequestTypes
{
    /// <summary>Gets the request types; a type may be there several times, and one that is generic is left out.</summary>
    /// <returns>The types.</returns>
    IEnumerable<Type> GetRequestTypes();
}
