namespace Cqrs.Routing.PackageTests;

public sealed class RoutingAddedFirstTests() : PackagedRoutingTests(routingFirst: true);
