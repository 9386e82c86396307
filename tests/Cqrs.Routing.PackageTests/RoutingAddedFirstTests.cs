namespace Cqrs.Routing.PackageTests;

public sealed class RoutingAddedFirstTests() : RoutingTests(routingFirst: true);
