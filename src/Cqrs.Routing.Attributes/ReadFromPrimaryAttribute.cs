namespace Cqrs.Routing;

/// <summary>Routes a query type to the primary. The query still cannot write.</summary>
/// <remarks>For queries that cannot tolerate lag. Derived request types inherit the attribute.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class ReadFromPrimaryAttribute : Attribute;
