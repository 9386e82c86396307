namespace Cqrs.Routing.PackageTests;

public sealed class RoutingAddedLastTests() : PackagedRoutingTests(routingFirst: false);
