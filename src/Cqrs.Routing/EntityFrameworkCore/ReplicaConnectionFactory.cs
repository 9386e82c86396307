using System.Collections.Concurrent;
using Cqrs.Routing.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>
/// Builds the connection to a replica with the provider's own class, the way EF builds its connection to a server's master database: the same
/// dependencies, other options. Singleton in EF's internal service provider; thread safe.
/// </summary>
internal sealed class ReplicaConnectionFactory
{
    private readonly ConcurrentDictionary<(string?, string?), bool> _checked = new();
    private ConnectionConstructor? _constructor;

    public IRelationalConnection Create(IRelationalConnection primary, RelationalConnectionDependencies dependencies, IDbContextOptions replica, IServiceProvider services)
    {
        var constructor = _constructor;
        if (constructor is null || constructor.Type != primary.GetType())
            _constructor = constructor = new ConnectionConstructor(primary.GetType());

        var connection = constructor.Create(services, dependencies with { ContextOptions = replica }, replica);
        try
        {
            EnsureCopyOf(primary, connection, dependencies.ContextOptions, dependencies.CurrentContext.Context);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Opens nothing: both providers only read their connection strings.
    private void EnsureCopyOf(IRelationalConnection primary, IRelationalConnection replica, IDbContextOptions options, DbContext context)
    {
        var pair = (primary.ConnectionString, replica.ConnectionString);
        if (_checked.ContainsKey(pair))
            return;

        var name = DisplayName.Of(context.GetType());
        string replicaDatabase;
        try
        {
            replicaDatabase = replica.DbConnection.Database;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new InvalidOperationException(
                ReplicaMessages.Unreadable(name, Providers.NameOf(RelationalOptionsExtension.Extract(options)), e.Message), e);
        }

        var primaryDatabase = primary.DbConnection.Database;
        if (!options.FindExtension<RoutingOptionsExtension>()!.AllowDifferentDatabaseName
            && !string.Equals(primaryDatabase, replicaDatabase, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(ReplicaMessages.OtherDatabase(name, primaryDatabase, replicaDatabase));
        }

        _checked.TryAdd(pair, true);
    }

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
