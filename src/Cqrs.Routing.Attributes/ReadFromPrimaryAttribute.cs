namespace Cqrs.Routing;

/// <summary>Put on a query type: it reads from the primary, and still cannot write.</summary>
/// <remarks>For queries that no lag can be tolerated in. Derived request types inherit it.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class ReadFromPrimaryAttribute : Attribute;
