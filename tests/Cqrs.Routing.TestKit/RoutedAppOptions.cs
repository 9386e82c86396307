using Cqrs.Routing.TestKit.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.TestKit;

public sealed class RoutedAppOptions
{
    public ContextLifetime Lifetime { get; set; } = ContextLifetime.Scoped;

    /// <summary>Whether the provider retries (<c>EnableRetryOnFailure</c>), where it can.</summary>
    public bool Retry { get; set; }

    public Action<RoutingOptions>? ConfigureRouting { get; set; }

    /// <summary>Registers the contexts instead, with the log to be added as their interceptor; <see cref="Lifetime"/>, <see cref="Retry"/> and <see cref="ConfigureContext"/> are then not read.</summary>
    public Action<IServiceCollection, ServerLog>? AddContexts { get; set; }

    /// <summary>Runs after MediatR and the context are registered and before routing is.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; set; }

    /// <summary>Runs after routing is registered: order must not matter.</summary>
    public Action<IServiceCollection>? ConfigureServicesLater { get; set; }

    /// <summary>Runs after the provider is chosen. Default: <c>UseReplica</c> with the pair's replica.</summary>
    public Action<DbContextOptionsBuilder, DatabasePair> ConfigureContext { get; set; } = static (options, pair) =>
        options.UseReplica(pair.Replica, replica => replica.AllowDifferentDatabaseName = pair.ReplicaHasOtherName);
}
