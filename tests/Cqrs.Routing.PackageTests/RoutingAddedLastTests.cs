namespace Cqrs.Routing.PackageTests;

public sealed class RoutingAddedLastTests() : RoutingTests(routingFirst: false);
