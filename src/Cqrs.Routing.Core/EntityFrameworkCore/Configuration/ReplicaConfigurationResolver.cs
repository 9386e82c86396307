using Cqrs.Routing.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Determines, once per set of options, whether the replica belongs to the primary that the context finally uses.</summary>
internal static class ReplicaConfigurationResolver
{
    private const string Supplied =
        "the application supplied the connection itself. To route it too, give UseReplica a connection as well, or call UseReplicaMirror() in tests.";

    public static ReplicaConfiguration PlanFor(IRelationalConnection primaryConnection, RelationalConnectionDependencies dependencies)
    {
        var options = dependencies.ContextOptions;
        var primary = RelationalOptionsExtension.Extract(options);
        var routing = options.FindExtension<RoutingOptionsExtension>()!;
        var plan = routing.Configuration;
        return plan is not null && ReferenceEquals(plan.Primary, primary)
            ? plan
            : routing.Configuration = Create(primaryConnection, dependencies, primary, routing);
    }

    /// <summary>Returns the configuration for a primary that the application chose at run time, with the replica that it named.</summary>
    public static ReplicaConfiguration ResolveForLease(string connectionString, RelationalConnectionDependencies dependencies)
    {
        var primary = RelationalOptionsExtension.Extract(dependencies.ContextOptions);
        var context = TypeNames.Format(dependencies.CurrentContext.Context.GetType());
        var replica = new ConnectionStringReplica(connectionString).ConfigureFrom(primary, NamedConnectionStrings.Resolver(dependencies), context);
        return Active(primary, replica, dependencies.ContextOptions.FindExtension<RoutingOptionsExtension>()!);
    }

    private static ReplicaConfiguration Create(
        IRelationalConnection primaryConnection,
        RelationalConnectionDependencies dependencies,
        RelationalOptionsExtension primary,
        RoutingOptionsExtension routing)
    {
        var context = dependencies.CurrentContext.Context;
        if (routing.Replica is NoReplica)
            return new(primary, Replica: null, RouteReason.NoReplica);

        if (PrimaryReplaced(context, dependencies.ContextOptions, primary, routing) is { } cause)
            return Inactive(primary, cause);

        if (routing.Replica is PrimaryAsReplica)
            return new(primary, Replica: null, IsMirror: true);

        var name = TypeNames.Format(context.GetType());
        if (routing.Replica is ConnectionStringReplica && primary.ConnectionString is null && ProviderResolver.DataSourceOf(primaryConnection) is not null)
            throw new InvalidOperationException(ReplicaMessages.DataSourceNeeded(name));

        if (primary.Connection is not null && routing.Replica is not ConfiguredReplica)
            return Inactive(primary, Supplied);

        var replica = routing.Replica.ConfigureFrom(primary, NamedConnectionStrings.Resolver(dependencies), name);
        return primary.Connection is not null && replica.Connection is null
            ? Inactive(primary, Supplied)
            : Active(primary, replica, routing);
    }

    private static ReplicaConfiguration Active(RelationalOptionsExtension primary, RelationalOptionsExtension replica, RoutingOptionsExtension routing) => new(
        primary,
        replica,
        Positions: routing.Options.PositionSource ?? ProviderResolver.GetPositions(primary),
        SaidLoadBalanced: routing.Options.IsLoadBalanced);

    private static ReplicaConfiguration Inactive(RelationalOptionsExtension primary, string cause) =>
        new(primary, Replica: null, RouteReason.ReplicaMismatch, cause);

    private static string? PrimaryReplaced(DbContext context, IDbContextOptions options, RelationalOptionsExtension primary, RoutingOptionsExtension routing)
    {
        var final = ConfiguredPrimary.From(primary);
        if (routing.Primary is { } atCall && atCall != final)
            return "its primary was replaced after UseReplica was called, so the replica may not be a copy of it. Call UseReplica after that, or UseReplicaMirror() in tests.";

        var registered = RegisteredOptions(context, options);
        return registered is not null
            && ReferenceEquals(registered.FindExtension<RoutingOptionsExtension>(), routing)
            && ConfiguredPrimary.From(registered.Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault()) != final
                ? "OnConfiguring chose another primary than the options that name the replica. Call UseReplica in OnConfiguring too, with the replica of that primary."
                : null;
    }

    private static IDbContextOptions? RegisteredOptions(DbContext context, IDbContextOptions options)
    {
        try
        {
            var application = options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider;
            return application?.GetService(typeof(DbContextOptions<>).MakeGenericType(context.GetType())) as IDbContextOptions;
        }
        catch (InvalidOperationException)
        {
            // The application's scope is disposed, or has no such options. There is nothing to compare with.
            return null;
        }
    }
}
