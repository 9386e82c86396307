using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Reflection;
using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>
/// Reads properties of specific EF Core providers and drivers that EF Core's own types lack. Uses reflection, because the library does not reference
/// the providers.
/// </summary>
internal static class ProviderResolver
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> DataSourceProperties = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> FullStateProperties = new();

    /// <summary>Gets the database that a provider's options are for.</summary>
    public static DatabaseProvider GetDatabase(RelationalOptionsExtension provider) => DatabaseProvider.FromOptions(provider.GetType());

    /// <summary>Gets the default source of positions, for applications that name none.</summary>
    public static IPositionSource GetPositions(RelationalOptionsExtension provider) => GetDatabase(provider).GetPositions(EngineOf(provider));

    /// <summary>Gets the query that identifies a server.</summary>
    public static ServerIdentityQuery GetIdentity(RelationalOptionsExtension provider, IPositionSource positions) => GetDatabase(provider).GetIdentity(EngineOf(provider), positions);

    /// <summary>Returns the provider's name for messages: <c>SqlServer</c>, <c>Npgsql</c>.</summary>
    public static string NameOf(IDbContextOptionsExtension provider) => provider.GetType().Name.Replace("OptionsExtension", "", StringComparison.Ordinal);

    /// <summary>Returns the data source of a provider's options or connection, if the provider has data sources (Npgsql); otherwise null.</summary>
    public static DbDataSource? DataSourceOf(object holder) => DataSourceProperty(holder)?.GetValue(holder) as DbDataSource;

    /// <summary>
    /// Makes the pool of an open connection load the database's types again, if the driver loads them only once (Npgsql). A migration may have
    /// created types since.
    /// </summary>
    public static Task ReloadTypesAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.GetType().GetMethod("ReloadTypesAsync", [typeof(CancellationToken)])?.Invoke(connection, [cancellationToken]) as Task ?? Task.CompletedTask;

    /// <summary>Returns whether a reader is open on a connection, if the driver reports it. Npgsql does.</summary>
    public static bool IsReading(DbConnection connection) =>
        FullStateProperties.GetOrAdd(connection.GetType(), static type => type.GetProperty("FullState", typeof(ConnectionState)))?.GetValue(connection)
            is ConnectionState state && (state & (ConnectionState.Executing | ConnectionState.Fetching)) != 0;

    public static void RestoreDataSource(object connection, DbDataSource dataSource) =>
        connection.GetType().GetProperty("DbDataSource", typeof(DbDataSource))?.SetValue(connection, dataSource);

    /// <summary>Returns whether the provider itself spreads connections over several servers.</summary>
    public static bool NamesSeveralServers(RelationalOptionsExtension provider) =>
        GetDatabase(provider).NamesSeveralServers(provider.ConnectionString ?? provider.Connection?.ConnectionString, DataSourceOf(provider));

    // UseSqlServer, UseAzureSql and UseAzureSynapse share an options type. Its engine type distinguishes them.
    private static string? EngineOf(RelationalOptionsExtension provider) => provider.GetType().GetProperty("EngineType")?.GetValue(provider)?.ToString();

    private static PropertyInfo? DataSourceProperty(object holder) =>
        DataSourceProperties.GetOrAdd(holder.GetType(), static type => type.GetProperty("DataSource", typeof(DbDataSource)));
}
