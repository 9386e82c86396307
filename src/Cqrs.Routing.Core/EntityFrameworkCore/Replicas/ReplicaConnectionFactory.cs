using System.Collections.Concurrent;
using System.Data.Common;
using Cqrs.Routing.EntityFrameworkCore.Configuration;
using Cqrs.Routing.Health;
using Cqrs.Routing.Internal;
using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Replicas;

/// <summary>
/// Builds the connection to a replica with the provider's own class, from the same dependencies and other options. EF Core builds its connection to a
/// server's master database in the same way. Singleton in EF Core's internal service provider; thread safe.
/// </summary>
internal sealed class ReplicaConnectionFactory
{
    private const int MaxRemembered = 1000;

    private readonly ConcurrentDictionary<(string?, string?, bool), bool> _checked = new();
    private readonly ConcurrentDictionary<(Type, string?, string?), bool> _known = new();
    private readonly ConcurrentDictionary<(string Server, ReplicaHealthOptions Settings), ServerHealth> _servers = new();
    private readonly ConcurrentDictionary<(Endpoint Primary, Endpoint Replica, ReplicaHealthOptions Settings), ReplicaHealth> _health = new();
    private ConnectionConstructor? _constructor;

    /// <summary>
    /// Returns whether such a connection was built before, in this context or in another one with equal options. The replica is then known to be
    /// configured correctly.
    /// </summary>
    public bool Knows(Type context, ReplicaConfiguration plan) => _known.ContainsKey(KeyOf(context, plan));

    public void Remember(Type context, ReplicaConfiguration plan) => Remember(_known, KeyOf(context, plan));

    /// <summary>
    /// Gets the health of a replica beside its primary. All contexts that reach the same databases share it. Whether the replica answers is recorded
    /// per server.
    /// </summary>
    public ReplicaHealth HealthOf(DbConnection primary, DbConnection replica, DatabaseProvider database, ReplicaOptions options)
    {
        var settings = ReplicaHealthOptions.From(options);
        var endpoint = DatabaseProvider.GetEndpoint(replica);
        return _health.GetOrAdd(
            (DatabaseProvider.GetEndpoint(primary), endpoint, settings),
            static (key, known) => new(known.Servers.GetOrAdd((key.Replica.Server, key.Settings), static (key, database) => new(key.Settings, database, TimeProvider.System, key.Server), known.Database)),
            (Servers: _servers, Database: database));
    }

    public IRelationalConnection Create(IRelationalConnection primary, RelationalConnectionDependencies dependencies, IDbContextOptions replica, IServiceProvider services)
    {
        var constructor = _constructor;
        if (constructor is null || constructor.Type != primary.GetType())
            _constructor = constructor = new ConnectionConstructor(primary.GetType());

        var context = dependencies.CurrentContext.Context.GetType();
        IRelationalConnection? connection = null;
        try
        {
            connection = constructor.Create(services, dependencies with { ContextOptions = replica }, replica);
            EnsureCopyOf(primary, connection, dependencies.ContextOptions, context);
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            // A provider that needs a data source reads the connection string in the connection's constructor.
            if (connection is null && IsUnreadable(e))
                throw Unreadable(context, dependencies.ContextOptions, e);
            throw;
        }
    }

    private static (Type, string?, string?) KeyOf(Type context, ReplicaConfiguration plan) => (context, plan.Primary.ConnectionString, plan.Replica?.ConnectionString);

    // If passwords or tenants are part of the string, the number of strings is unlimited. Checking one again costs little.
    private static void Remember<TKey>(ConcurrentDictionary<TKey, bool> known, TKey key)
        where TKey : notnull
    {
        if (known.Count >= MaxRemembered)
            known.Clear();
        known.TryAdd(key, true);
    }

    // Does not open a connection: both providers only read their connection strings.
    private void EnsureCopyOf(IRelationalConnection primary, IRelationalConnection replica, IDbContextOptions options, Type context)
    {
        var allowDifferentName = options.FindExtension<RoutingOptionsExtension>()!.Options.AllowDifferentDatabaseName;
        var pair = (primary.ConnectionString, replica.ConnectionString, allowDifferentName);
        if (_checked.ContainsKey(pair))
            return;

        string replicaDatabase;
        try
        {
            replicaDatabase = replica.DbConnection.Database;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Unreadable(context, options, e);
        }

        var primaryDatabase = primary.DbConnection.Database;
        if (!allowDifferentName && !string.Equals(primaryDatabase, replicaDatabase, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(ReplicaMessages.OtherDatabase(TypeNames.Format(context), primaryDatabase, replicaDatabase));

        Remember(_checked, pair);
    }

    private static bool IsUnreadable(Exception e) => e is ArgumentException or FormatException or KeyNotFoundException;

    private static InvalidOperationException Unreadable(Type context, IDbContextOptions options, Exception e) =>
        new(ReplicaMessages.Unreadable(TypeNames.Format(context), ProviderResolver.NameOf(RelationalOptionsExtension.Extract(options)), e.Message), e);

    /// <summary>A compiled call of the provider's constructor, with the replica's options in place of the context's.</summary>
    private sealed class ConnectionConstructor
    {
        private readonly ObjectFactory _create;
        private readonly bool _takesOptions;

        public ConnectionConstructor(Type type)
        {
            Type = type;
            _takesOptions = type.GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(IDbContextOptions)));
            _create = ActivatorUtilities.CreateFactory(
                type,
                _takesOptions ? [typeof(RelationalConnectionDependencies), typeof(IDbContextOptions)] : [typeof(RelationalConnectionDependencies)]);
        }

        public Type Type { get; }

        public IRelationalConnection Create(IServiceProvider services, RelationalConnectionDependencies dependencies, IDbContextOptions options) =>
            (IRelationalConnection)_create(services, _takesOptions ? [dependencies, options] : [dependencies]);
    }
}
