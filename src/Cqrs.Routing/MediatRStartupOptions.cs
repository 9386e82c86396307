namespace Cqrs.Routing;

/// <summary>Empty options type. Its validation lets the host check the configuration at start.</summary>
internal sealed class MediatRStartupOptions;
