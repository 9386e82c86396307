using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Reflection;
using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Reads what single EF providers and drivers have beyond EF's own types. The library references none of them, so it uses reflection.</summary>
internal static class ProviderResolver
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> DataSourceProperties = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> FullStateProperties = new();

    /// <summary>Gets the database that a provider's options are for.</summary>
    public static DatabaseProvider GetDatabase(RelationalOptionsExtension provider) => DatabaseProvider.FromOptions(provider.GetType());

    /// <summary>Gets the source of positions that is used where the application names none.</summary>
    public static IPositionSource GetPositions(RelationalOptionsExtension provider) => GetDatabase(provider).GetPositions(EngineOf(provider));

    /// <summary>Gets how a server tells who it is.</summary>
    public static ServerIdentityQuery GetIdentity(RelationalOptionsExtension provider, IPositionSource positions) => GetDatabase(provider).GetIdentity(EngineOf(provider), positions);

    /// <summary>For messages: <c>SqlServer</c>, <c>Npgsql</c>.</summary>
    public static string NameOf(IDbContextOptionsExtension provider) => provider.GetType().Name.Replace("OptionsExtension", "", StringComparison.Ordinal);

    /// <summary>The data source behind a provider's options or connection, where the provider has such a thing (Npgsql).</summary>
    public static DbDataSource? DataSourceOf(object holder) => DataSourceProperty(holder)?.GetValue(holder) as DbDataSource;

    /// <summary>Has the pool of an open connection load the database's types again, where it loads them once (Npgsql): a migration may have created some since.</summary>
    public static Task ReloadTypesAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.GetType().GetMethod("ReloadTypesAsync", [typeof(CancellationToken)])?.Invoke(connection, [cancellationToken]) as Task ?? Task.CompletedTask;

    /// <summary>Whether a reader is open on a connection, as far as the provider tells: Npgsql does.</summary>
    public static bool IsReading(DbConnection connection) =>
        FullStateProperties.GetOrAdd(connection.GetType(), static type => type.GetProperty("FullState", typeof(ConnectionState)))?.GetValue(connection)
            is ConnectionState state && (state & (ConnectionState.Executing | ConnectionState.Fetching)) != 0;

    public static void RestoreDataSource(object connection, DbDataSource dataSource) =>
        connection.GetType().GetProperty("DbDataSource", typeof(DbDataSource))?.SetValue(connection, dataSource);

    /// <summary>Whether the provider itself spreads connections over several servers.</summary>
    public static bool NamesSeveralServers(RelationalOptionsExtension provider) =>
        GetDatabase(provider).NamesSeveralServers(provider.ConnectionString ?? provider.Connection?.ConnectionString, DataSourceOf(provider));

    // UseSqlServer, UseAzureSql and UseAzureSynapse share their options, which tell them apart.
    private static string? EngineOf(RelationalOptionsExtension provider) => provider.GetType().GetProperty("EngineType")?.GetValue(provider)?.ToString();

    private static PropertyInfo? DataSourceProperty(object holder) =>
        DataSourceProperties.GetOrAdd(holder.GetType(), static type => type.GetProperty("DataSource", typeof(DbDataSource)));
}
