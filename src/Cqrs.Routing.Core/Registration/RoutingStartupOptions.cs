namespace Cqrs.Routing.Registration;

/// <summary>Options without content. The host checks the configuration at its start by validating them.</summary>
internal sealed class RoutingStartupOptions;
