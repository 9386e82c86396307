using System.Runtime.CompilerServices;
using Cqrs.Routing;
using Cqrs.Routing.EntityFrameworkCore;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Configures the replica of a context.</summary>
/// <remarks>The order among the other options does not matter. A later call replaces an earlier one.</remarks>
// Without the priorities, UseReplica(null) would not compile: null would match both overloads.
public static class ReplicaDbContextOptionsBuilderExtensions
{
    /// <summary>Gives the context a replica with its own connection string, and the provider and settings of the primary.</summary>
    /// <param name="builder">The context's options.</param>
    /// <param name="connectionString">The replica's connection string. With null or a blank string everything runs on the primary, and queries still
    /// cannot write. The log says so once, at Information.</param>
    /// <param name="options">Options for this replica.</param>
    /// <returns>The builder.</returns>
    [OverloadResolutionPriority(1)]
    public static DbContextOptionsBuilder UseReplica(
        this DbContextOptionsBuilder builder, string? connectionString, Action<ReplicaOptions>? options = null)
    {
        // Configuration and environment variables hold an empty value where there is none.
        return Use(builder, string.IsNullOrWhiteSpace(connectionString) ? NoReplica.Instance : new ConnectionStringReplica(connectionString), options);
    }

    /// <inheritdoc cref="UseReplica(DbContextOptionsBuilder, string?, Action{ReplicaOptions}?)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    [OverloadResolutionPriority(1)]
    public static DbContextOptionsBuilder<TContext> UseReplica<TContext>(
        this DbContextOptionsBuilder<TContext> builder, string? connectionString, Action<ReplicaOptions>? options = null)
        where TContext : DbContext
        => (DbContextOptionsBuilder<TContext>)UseReplica((DbContextOptionsBuilder)builder, connectionString, options);

    /// <summary>
    /// Gives the context a replica with its own provider configuration, such as a data source: <c>UseReplica(o => o.UseNpgsql(replica))</c>.
    /// </summary>
    /// <param name="builder">The context's options.</param>
    /// <param name="configure">Configures the provider of the primary for the replica, and nothing else.</param>
    /// <param name="options">Options for this replica.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// No provider was configured, more than a provider was configured, or the provider differs from the primary's. Thrown when a context first needs
    /// its replica.
    /// </exception>
    public static DbContextOptionsBuilder UseReplica(
        this DbContextOptionsBuilder builder, Action<DbContextOptionsBuilder> configure, Action<ReplicaOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Use(builder, new ConfiguredReplica(configure), options);
    }

    /// <inheritdoc cref="UseReplica(DbContextOptionsBuilder, Action{DbContextOptionsBuilder}, Action{ReplicaOptions}?)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseReplica<TContext>(
        this DbContextOptionsBuilder<TContext> builder, Action<DbContextOptionsBuilder> configure, Action<ReplicaOptions>? options = null)
        where TContext : DbContext
        => (DbContextOptionsBuilder<TContext>)UseReplica((DbContextOptionsBuilder)builder, configure, options);

    /// <summary>Gives the context a replica on SQL Server: the primary's connection string with <c>ApplicationIntent=ReadOnly</c>.</summary>
    /// <param name="builder">The context's options.</param>
    /// <param name="options">Options for this replica.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// The intent only routes the connection. If it leads to a server that accepts writes, only a read-only login refuses them there.
    /// </remarks>
    public static DbContextOptionsBuilder UseReadOnlyIntentReplica(this DbContextOptionsBuilder builder, Action<ReplicaOptions>? options = null) =>
        Use(builder, ReadOnlyIntentReplica.Instance, options);

    /// <inheritdoc cref="UseReadOnlyIntentReplica(DbContextOptionsBuilder, Action{ReplicaOptions}?)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseReadOnlyIntentReplica<TContext>(
        this DbContextOptionsBuilder<TContext> builder, Action<ReplicaOptions>? options = null)
        where TContext : DbContext
        => (DbContextOptionsBuilder<TContext>)UseReadOnlyIntentReplica((DbContextOptionsBuilder)builder, options);

    /// <summary>
    /// Uses the primary's own connection as the replica, for tests. Queries then see the uncommitted rows of a test, and still cannot write.
    /// </summary>
    /// <param name="builder">The context's options.</param>
    /// <param name="options">Options that apply to a mirror too: <see cref="ReplicaOptions.Reads"/>.</param>
    /// <returns>The builder.</returns>
    public static DbContextOptionsBuilder UseReplicaMirror(this DbContextOptionsBuilder builder, Action<ReplicaOptions>? options = null) =>
        Use(builder, PrimaryAsReplica.Instance, options);

    /// <inheritdoc cref="UseReplicaMirror(DbContextOptionsBuilder, Action{ReplicaOptions}?)"/>
    /// <typeparam name="TContext">The context.</typeparam>
    public static DbContextOptionsBuilder<TContext> UseReplicaMirror<TContext>(this DbContextOptionsBuilder<TContext> builder, Action<ReplicaOptions>? options = null)
        where TContext : DbContext
        => (DbContextOptionsBuilder<TContext>)UseReplicaMirror((DbContextOptionsBuilder)builder, options);

    private static DbContextOptionsBuilder Use(DbContextOptionsBuilder builder, ReplicaSource replica, Action<ReplicaOptions>? options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var replicaOptions = new ReplicaOptions();
        options?.Invoke(replicaOptions);
        replicaOptions.Validate();
        var primary = ConfiguredPrimary.From(builder.Options.Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault());
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(new RoutingOptionsExtension(replica, replicaOptions, primary, RoutingServiceDecorator.Decorate));
        return builder;
    }
}
