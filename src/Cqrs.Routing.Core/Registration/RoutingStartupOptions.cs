namespace Cqrs.Routing.Registration;

/// <summary>Options without content: their validation is how the host checks the set-up when it starts.</summary>
internal sealed class RoutingStartupOptions;
